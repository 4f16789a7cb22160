import { computed } from 'vue';
import type { WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/**
 * One filter kept in the address bar, so that a page can be sent to a colleague as it is. Writing the
 * default takes it out again; the history is replaced, not grown.
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
      const query = { ...route.query };
      if (next === fallback || next === '') delete query[name];
      else query[name] = next;
      void router.replace({ query });
    },
  });
}
