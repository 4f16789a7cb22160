import { onScopeDispose, readonly, ref } from 'vue';
import type { Ref } from 'vue';

/** The time now in milliseconds, renewed every `everyMs`. */
export function useNow(everyMs = 1000): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, everyMs);
  onScopeDispose(() => clearInterval(timer));
  return readonly(now);
}
