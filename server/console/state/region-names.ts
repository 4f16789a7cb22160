import { shallowReactive } from 'vue';
import { regionDetail } from '../api/regions.ts';

const names = shallowReactive(new Map<string, string>());

/** A region's name; its code until the center has answered, and for good where it is not known there. */
export function regionName(code: string): string {
  const known = names.get(code);
  if (known !== undefined) return known;
  names.set(code, code);
  void regionDetail(code).then(
    (region) => names.set(code, region.name),
    // A name is an aid: its code says as much to whoever has to act.
    () => undefined,
  );
  return code;
}

/** Keeps a name that came with another answer. */
export function knowRegion(code: string, name: string): void {
  names.set(code, name);
}
