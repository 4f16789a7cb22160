import type { Sha256 } from '../core/ids.ts';
import type { AuditEntry, AuditFinding, AuditHead, AuditVerdict } from './audit.schema.ts';
import { CHAIN_START, isOwnHash } from './chain.ts';

/** A row of the log; `entry` is `null` where it is not even of the form in which entries are written. */
export interface StoredEntry {
  readonly seq: number;
  readonly entry: AuditEntry | null;
}

/** What the anchor outside the database says. */
export type AnchorReading =
  | { readonly kind: 'held'; readonly head: AuditHead }
  | { readonly kind: 'missing' }
  /** It is there, and the center's key did not sign it. */
  | { readonly kind: 'forged' };

export interface ChainCheckOptions {
  readonly anchor: AnchorReading;
  /** A head that somebody noted down: it must still be there. */
  readonly noted?: AuditHead | null;
}

/** Findings that are said; more of them say no more. */
const FINDINGS_MAX = 100;

/**
 * Checks the log against its own chain, which finds edits, deletions, insertions and reorderings, and
 * against heads that are kept elsewhere, which find a cut or wholly rewritten tail: the chain alone
 * looks sound then.
 */
export function beginChainCheck({ anchor, noted = null }: ChainCheckOptions) {
  const findings: AuditFinding[] = [];
  const hashes = new Map<number, Sha256 | null>();
  const watched = new Set<number>(noted === null ? [] : [noted.seq]);
  if (anchor.kind === 'held') watched.add(anchor.head.seq);
  let entries = 0;
  let last = 0;
  let head: AuditHead | null = null;
  /** What the next entry must follow; `null` where that cannot be told. */
  let previous: Sha256 | null = CHAIN_START;

  const note = (kind: AuditFinding['kind'], seq: number | null, zh: string, en: string) =>
    void findings.push({ kind, seq, zh, en });

  function takeOne({ seq, entry }: StoredEntry): void {
    entries += 1;
    if (seq < 1) {
      note('inserted', seq, `第 ${seq} 条不该有：日志从第 1 条开始`, `${seq}: the log begins with 1`);
      return;
    }
    const gap = seq > last + 1;
    if (gap) noteGap(last + 1, seq - 1);
    last = seq;
    if (watched.has(seq)) hashes.set(seq, entry?.hash ?? null);
    if (entry === null) {
      note('unreadable', seq, `第 ${seq} 条被改得读不出来了`, `${seq}: altered beyond reading`);
      previous = null;
      return;
    }
    if (!isOwnHash(entry))
      note('edited', seq, `第 ${seq} 条的内容和它的哈希对不上：被改过`, `${seq}: edited`);
    else if (!gap && previous !== null && entry.previous !== previous)
      note(
        'unlinked',
        seq,
        `第 ${seq} 条接不上它前面的一条：前面被换过、插过或调过顺序`,
        `${seq}: does not follow the entry before it: replaced, inserted or reordered`,
      );
    previous = entry.hash;
    head = { seq, hash: entry.hash };
  }

  function noteGap(from: number, to: number): void {
    const which = from === to ? `第 ${from} 条` : `第 ${from}–${to} 条`;
    note('missing', from, `缺${which}：被删掉了`, `${from}–${to}: deleted`);
  }

  function judgeAnchor(): void {
    if (anchor.kind === 'missing' && entries > 0)
      note(
        'anchor-missing',
        null,
        '数据目录里没有锚点文件 audit.head：尾部有没有被截掉，无从判断',
        'no anchor file audit.head: whether the tail was cut cannot be told',
      );
    if (anchor.kind === 'forged')
      note(
        'anchor-forged',
        null,
        '锚点文件 audit.head 不是播控中心的密钥签的：被换过，或密钥被换过',
        'the anchor file audit.head is not signed by the key of the center',
      );
    if (anchor.kind !== 'held') return;
    const { seq, hash } = anchor.head;
    if (seq > last)
      note(
        'truncated',
        last,
        `日志只到第 ${last} 条，锚点记到第 ${seq} 条：尾部被截掉了 ${seq - last} 条`,
        `ends at ${last} where the anchor says ${seq}: ${seq - last} entries were cut off`,
      );
    else if (hashes.has(seq) && hashes.get(seq) !== hash)
      note(
        'anchor-differs',
        seq,
        `第 ${seq} 条和锚点记的不是同一条：到这里为止的日志被整段重写过`,
        `${seq}: not the entry that the anchor names: the log up to here was rewritten`,
      );
  }

  function judgeNoted(): void {
    if (noted === null) return;
    const { seq, hash } = noted;
    if (seq > last)
      note(
        'head-missing',
        last,
        `日志只到第 ${last} 条，而记下的是第 ${seq} 条：尾部被截掉了，锚点也被退回了`,
        `ends at ${last} where ${seq} was noted: the tail was cut off`,
      );
    else if (hashes.get(seq) !== hash)
      note(
        'head-differs',
        seq,
        `第 ${seq} 条不是当时记下的那条：日志被整段重写过`,
        `${seq}: not the entry that was noted: the log was rewritten`,
      );
  }

  return {
    /** Rows in ascending order of `seq`, every one of them. */
    take(rows: readonly StoredEntry[]): void {
      for (const row of rows) takeOne(row);
    },

    /** After the last row. */
    verdict(): AuditVerdict {
      judgeAnchor();
      judgeNoted();
      const anchored = anchor.kind === 'held' ? anchor.head : null;
      return {
        ok: findings.length === 0,
        entries,
        brokenAt: findings.find(({ seq }) => seq !== null)?.seq ?? null,
        head,
        anchor: anchored,
        unanchored: anchored === null ? 0 : Math.max(0, last - anchored.seq),
        findings: findings.slice(0, FINDINGS_MAX),
      };
    },
  };
}
