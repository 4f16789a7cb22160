import { computed, onScopeDispose, ref, watch } from 'vue';
import type { Ref, WatchSource, WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { LocationQuery, Router } from 'vue-router';

/** What was written and has not arrived in the address yet: the next write goes on from here. */
const onItsWay = new WeakMap<Router, LocationQuery>();

/**
 * One filter kept in the address bar, so that a page can be sent to a colleague as it is. Writing the
 * default takes it out again; the history is replaced, not grown. Several may be written in a row.
 */
export function useAddress(name: string, fallback = ''): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const value = route.query[name];
      return typeof value === 'string' && value !== '' ? value : fallback;
    },
    set: (next) => {
      const query = { ...(onItsWay.get(router) ?? route.query) };
      if (next === fallback || next === '') delete query[name];
      else query[name] = next;
      onItsWay.set(router, query);
      void router.replace({ query }).finally(() => {
        if (onItsWay.get(router) === query) onItsWay.delete(router);
      });
    },
  });
}

/** The page of a list, from 1, in the address; it begins anew when what is asked for changes. */
export function usePage(question?: WatchSource): WritableComputedRef<number> {
  const address = useAddress('page', '1');
  const page = computed({
    get: () => {
      const asked = Number(address.value);
      return Number.isSafeInteger(asked) && asked > 1 ? asked : 1;
    },
    set: (next) => {
      address.value = String(next);
    },
  });
  if (question !== undefined)
    watch(question, () => {
      if (page.value !== 1) page.value = 1;
    });
  return page;
}

/** How long somebody stops typing before it is searched for. */
const TYPED_MS = 300;

/** What is typed to search for, and the same in the address once the typing pauses. */
export function useSearch(): { readonly text: Ref<string>; readonly sought: WritableComputedRef<string> } {
  const sought = useAddress('q');
  const text = ref(sought.value);
  let typing: ReturnType<typeof setTimeout> | undefined;
  watch(text, (next) => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      sought.value = next.trim();
    }, TYPED_MS);
  });
  // Who left the page while typing does not find it searching elsewhere.
  onScopeDispose(() => clearTimeout(typing));
  return { text, sought };
}
