import { onScopeDispose, readonly, ref } from 'vue';
import type { Ref } from 'vue';

/** Whether the window is as narrow as a phone: one column, tabs below. */
export function usePhone(): Readonly<Ref<boolean>> {
  const query = window.matchMedia('(max-width: 760px)');
  const phone = ref(query.matches);
  const update = () => {
    phone.value = query.matches;
  };
  query.addEventListener('change', update);
  onScopeDispose(() => query.removeEventListener('change', update));
  return readonly(phone);
}
