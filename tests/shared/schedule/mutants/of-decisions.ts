import type { Mutant } from './mutant.ts';

/** What is on, when it ends, and what comes next. */
export const MUTANTS_OF_DECISIONS: readonly Mutant[] = [
  {
    breaks: 'an item may not end just where its window ends',
    law: 'the oracle, by the second',
    file: 'schedule/decide.ts',
    find: 'if (itemEnd > end) continue;',
    replace: 'if (itemEnd >= end) continue;',
  },
  {
    breaks: 'a mandatory runs over the end of its window',
    law: 'boundaries',
    file: 'schedule/decide.ts',
    find: 'if (itemEnd > end) continue;',
    replace: '',
  },
  {
    breaks: 'every hard start is a boundary, also of what it does not outrank',
    law: 'monotonicity',
    file: 'schedule/decide.ts',
    find: 'if (opening.order < outranking && progress',
    replace: 'if (progress',
  },
  {
    breaks: 'every hard start is a boundary, also of what it does not outrank',
    law: 'a thousand schedules on one screen',
    file: 'schedule/decide.ts',
    find: 'if (opening.order < outranking && progress',
    replace: 'if (progress',
  },
  {
    breaks: 'rotation knows no hard starts',
    law: 'hard starts to the second',
    file: 'schedule/decide.ts',
    find: 'const limit = nextHardStart(scene, progress, epoch, { after: at, outranking: Infinity })',
    replace: 'const limit = Infinity',
  },
  {
    breaks: 'a filler stays on where rotation can begin',
    law: 'filler',
    file: 'schedule/resolve-segment.ts',
    find: "if (other.kind !== 'filler') return true;",
    replace: "if (other.kind !== 'filler') return other.kind === 'mandatory';",
  },
  {
    breaks: 'any opening window cuts filler',
    law: 'filler',
    file: 'schedule/resolve-segment.ts',
    find: 'if (isFiller) return outranksFiller(decide(scene, progress, epoch, at), choice);',
    replace: 'if (isFiller) return true;',
  },
  {
    breaks: 'filler runs on past the midnight at which its segment ends',
    law: 'no gap and no overlap',
    file: 'schedule/resolve-segment.ts',
    find: 'return Math.min(planned, scene.segment.end);',
    replace: 'return planned;',
  },
  {
    breaks: 'what is denied while it is on stays on',
    law: 'denials act from their instant',
    file: 'schedule/resolve-segment.ts',
    find: 'if (epoch.denials.deniesSchedule(rule.id)) return true;',
    replace: '',
  },
  {
    breaks: 'a mandatory begins again at its first item after a cut or a pause',
    law: 'playlist order',
    file: 'schedule/progress.ts',
    find: "if (choice.kind === 'mandatory') this.#mandatory[choice.opening.order] = next;",
    replace: "if (choice.kind === 'mandatory') this.#mandatory[choice.opening.order] = 0;",
  },
  {
    breaks: 'a mandatory that plays once plays on',
    law: 'playlist order',
    file: 'schedule/progress.ts',
    find: 'const next = rule.once ? choice.item + 1 : (choice.item + 1) % rule.items.length;',
    replace: 'const next = (choice.item + 1) % rule.items.length;',
  },
  {
    breaks: 'an item is on for the natural length of its asset where it has one',
    law: 'items without a natural length',
    file: 'schedule/compile.ts',
    find: 'items: plan.playlists[schedule.playlist]?.items ?? [],',
    replace:
      'items: (plan.playlists[schedule.playlist]?.items ?? []).map((item) => ({ ...item, durationS: plan.assets[item.asset]?.durationS ?? item.durationS })),',
  },
  {
    breaks: 'an empty playlist shows something for a minute',
    law: 'empty playlists',
    file: 'schedule/compile.ts',
    find: 'items: plan.playlists[schedule.playlist]?.items ?? [],',
    replace:
      "items: [plan.playlists[schedule.playlist]?.items ?? []].map((list) => list.length > 0 ? list : [{ asset: '' as Sha256, durationS: 60 }])[0]!,",
  },
];
