import { sha256Schema } from '../core/ids.ts';
import type { Sha256 } from '../core/ids.ts';

/** What an HLS media playlist names, and what in it may not be there. */
export interface HlsParts {
  /** Hashes of its parts, each once, in the order in which they are first named. */
  readonly parts: readonly Sha256[];
  /** URIs that are no `<sha256>.<ext>`: they would lead a player out of its verified cache. */
  readonly foreign: readonly string[];
}

const PART = /^([0-9a-f]{64})\.[a-z0-9]{1,5}$/;

/**
 * Every URI of a media playlist (RFC 8216): the lines that are no tag, and each `URI="…"` attribute
 * (init segments, keys, renditions).
 */
export function hlsPartsOf(text: string): HlsParts {
  const uris = text.split(/\r?\n/).flatMap((line) => {
    if (line.startsWith('#')) return [...line.matchAll(/\bURI="([^"]*)"/g)].map((match) => match[1] ?? '');
    return line.trim() === '' ? [] : [line.trim()];
  });
  const parts = new Set<Sha256>();
  const foreign: string[] = [];
  for (const uri of uris) {
    const name = PART.exec(uri)?.[1];
    if (name === undefined) foreign.push(uri);
    else parts.add(sha256Schema.parse(name));
  }
  return { parts: [...parts], foreign };
}
