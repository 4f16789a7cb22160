/** Where a media playlist leads: each URI once, in order. */
export function hlsUris(text: string): string[] {
  const uris = new Set<string>();
  rewriteHls(text, (uri) => {
    uris.add(uri);
    return uri;
  });
  return [...uris];
}

/**
 * Replaces every URI of an HLS media playlist (RFC 8216): the lines that are no tag, and each
 * `URI="…"` attribute. Line ends become `\n`.
 */
export function rewriteHls(text: string, rename: (uri: string) => string): string {
  return text
    .split(/\r?\n/)
    .map((line) => {
      if (line.startsWith('#'))
        return line.replace(/\bURI="([^"]*)"/g, (_whole, uri: string) => `URI="${rename(uri)}"`);
      return line.trim() === '' ? '' : rename(line.trim());
    })
    .join('\n');
}

/** Length of a finished media playlist in whole seconds, rounded up; `null` where it is none (live, master). */
export function hlsDurationS(text: string): number | null {
  if (!/^#EXT-X-ENDLIST/m.test(text)) return null;
  const lengths = [...text.matchAll(/^#EXTINF:([0-9.]+)/gm)].map((match) => Number(match[1]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return total > 0 ? Math.ceil(total - 1e-6) : null;
}
