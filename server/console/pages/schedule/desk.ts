import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue';
import type { DraftEdit, Draft } from '../../../../shared/schedule/draft.api.ts';
import { ApiError } from '../../api/client.ts';
import { createDraft, readDraft, saveDraft } from '../../api/drafts.ts';
import type { WorkedEdit } from '../../model/edits.ts';
import { editsOf, inOrder, isSaved, problemsOf, workOn } from '../../model/edits.ts';

export type Desk = ReturnType<typeof useDesk>;

/**
 * What is worked on in one draft: its title and edits as a person types them, beside what was last
 * saved. Nothing typed is lost when somebody else saved meanwhile: it stays, and is offered as a
 * draft of its own.
 */
export function useDesk(id: string) {
  const saved = shallowRef<Draft | null>(null);
  const title = ref('');
  const works = ref<WorkedEdit[]>([]);
  const selected = ref<number | null>(null);
  const busy = ref(false);
  /** Why the last save or read did not come about. */
  const refusal = shallowRef<ApiError | null>(null);
  const lost = shallowRef<ApiError | null>(null);

  /** Somebody saved since: who and when is in its words. */
  const isOvertaken = computed(() => refusal.value?.code === 'DRAFT_CHANGED');
  const problems = computed(() =>
    works.value.flatMap((work) =>
      Object.entries(problemsOf(work)).map(([field, zh]) => ({ key: work.key, field, zh: zh ?? '' })),
    ),
  );
  const isDirty = computed(
    () => saved.value !== null && !isSaved(title.value, works.value as WorkedEdit[], saved.value),
  );
  const canSave = computed(
    () => isDirty.value && !busy.value && problems.value.length === 0 && title.value.trim() !== '',
  );

  function take(draft: Draft): void {
    saved.value = draft;
    title.value = draft.title;
    const at = works.value.findIndex((work) => work.key === selected.value);
    works.value = draft.edits.map(workOn);
    selected.value = (works.value[at] ?? inOrder(works.value as WorkedEdit[])[0])?.key ?? null;
    refusal.value = null;
  }

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    busy.value = true;
    refusal.value = null;
    try {
      await work();
      return true;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      refusal.value = cause;
      return false;
    } finally {
      busy.value = false;
    }
  }

  /** Reads the draft anew; what is typed and not saved is given up. */
  async function reload(): Promise<void> {
    try {
      take(await readDraft(id));
      lost.value = null;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (saved.value === null) lost.value = cause;
      else refusal.value = cause;
    }
  }

  /** Saves all edits on the revision that was read. */
  function save(): Promise<boolean> {
    return attempt(async () => {
      const edits = editsOf(works.value as WorkedEdit[]);
      if (edits === null || saved.value === null) return;
      take(
        await saveDraft(saved.value.id, { revision: saved.value.revision, title: title.value.trim(), edits }),
      );
    });
  }

  /** Keeps what is typed as a new draft, when somebody else saved this one meanwhile. */
  async function saveApart(): Promise<Draft | null> {
    let made: Draft | null = null;
    await attempt(async () => {
      const edits = editsOf(works.value as WorkedEdit[]);
      if (edits === null || saved.value === null) return;
      made = await createDraft({
        region: saved.value.region,
        title: `${title.value.trim()}（我的改动）`.slice(0, 80),
        edits,
      });
      // Its words are safe now: leaving this page needs no warning.
      take(saved.value);
    });
    return made;
  }

  function add(work: WorkedEdit): void {
    works.value.push(work);
    selected.value = work.key;
  }

  function remove(key: number): void {
    const at = works.value.findIndex((work) => work.key === key);
    works.value = works.value.filter((work) => work.key !== key);
    selected.value = works.value[Math.min(at, works.value.length - 1)]?.key ?? null;
  }

  /** The edit that a draft already has of this thing. */
  function find(kind: DraftEdit['kind'], of: string): WorkedEdit | undefined {
    return (works.value as WorkedEdit[]).find((work) => work.kind === kind && work.id === of);
  }

  const warn = (event: BeforeUnloadEvent) => {
    if (isDirty.value) event.preventDefault();
  };
  const press = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      if (canSave.value) void save();
    }
  };
  onMounted(() => {
    window.addEventListener('beforeunload', warn);
    window.addEventListener('keydown', press);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', warn);
    window.removeEventListener('keydown', press);
  });

  return {
    saved,
    title,
    works,
    selected,
    busy,
    refusal,
    lost,
    isOvertaken,
    problems,
    isDirty,
    canSave,
    take,
    reload,
    save,
    saveApart,
    add,
    remove,
    find,
  };
}
