import { readonly, ref, watch } from 'vue';
import { listDrafts } from '../api/drafts.ts';
import { isPersonThere } from './activity.ts';
import { me } from './session.ts';

const RENEW_MS = 60_000;
const count = ref(0);
let timer: ReturnType<typeof setInterval> | null = null;

/** How many drafts wait for the person's review or publish. */
export const waitingDrafts = readonly(count);

/** Counts anew: at once after an act of one's own, else every minute while somebody is there. */
export async function renewWaiting(): Promise<void> {
  if (me.value?.abilities['schedule.read'] === undefined) {
    count.value = 0;
    return;
  }
  try {
    count.value = (await listDrafts({ waiting: true, limit: 1, offset: 0 })).total;
  } catch {
    // The number is an aid: the page of drafts itself tells what is wrong.
  }
}

/** Keeps the number while the shell stands. Returns the way to stop. */
export function startWaiting(): () => void {
  void renewWaiting();
  timer ??= setInterval(() => {
    if (document.visibilityState === 'visible' && isPersonThere()) void renewWaiting();
  }, RENEW_MS);
  return () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
}

watch(me, () => {
  count.value = 0;
  void renewWaiting();
});
