import { onScopeDispose, shallowRef, watch } from 'vue';
import type { ShallowRef, WatchSource } from 'vue';
import { ApiError } from '../api/client.ts';
import { isPersonThere } from './activity.ts';

/** Something fetched, with its three states. The last good value stays while a newer one is on its way. */
export interface Load<Value> {
  readonly value: Readonly<ShallowRef<Value | null>>;
  readonly error: Readonly<ShallowRef<ApiError | null>>;
  readonly busy: Readonly<ShallowRef<boolean>>;
  readonly reload: () => Promise<void>;
}

export interface LoadOptions {
  /** Fetch again this often while the page is visible and somebody is there. */
  readonly everyMs?: number;
}

/**
 * Fetches whenever what `source` gives changes; an answer to an older question is dropped. A change of
 * question clears the old answer, a refresh keeps it.
 */
export function useLoad<Question, Value>(
  source: WatchSource<Question>,
  fetchIt: (question: Question, signal: AbortSignal) => Promise<Value>,
  options: LoadOptions = {},
): Load<Value> {
  const value = shallowRef<Value | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const busy = shallowRef(false);
  let question: Question;
  let running: AbortController | null = null;

  async function run(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    busy.value = true;
    try {
      const answer = await fetchIt(question, mine.signal);
      if (mine.signal.aborted) return;
      value.value = answer;
      error.value = null;
    } catch (cause) {
      if (mine.signal.aborted) return;
      error.value = cause instanceof ApiError ? cause : unexpected(cause);
    } finally {
      if (running === mine) busy.value = false;
    }
  }

  watch(
    source,
    (next) => {
      question = next;
      value.value = null;
      error.value = null;
      void run();
    },
    { immediate: true },
  );
  const timer =
    options.everyMs === undefined
      ? null
      : setInterval(() => {
          if (document.visibilityState === 'visible' && isPersonThere()) void run();
        }, options.everyMs);
  onScopeDispose(() => {
    running?.abort();
    if (timer !== null) clearInterval(timer);
  });
  return { value, error, busy, reload: run };
}

/** A bug of this page: told to the person in words, and to the developer in the browser's console. */
function unexpected(cause: unknown): ApiError {
  console.error(cause);
  return new ApiError('UNREADABLE', '页面出错了', '刷新页面再试', cause);
}
