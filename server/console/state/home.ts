import { computed, shallowRef, watch } from 'vue';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { regionDetail } from '../api/regions.ts';
import { homeRegions } from './session.ts';

interface Option {
  readonly code: RegionCode;
  readonly name: string;
}

const options = shallowRef<readonly Option[]>([]);
const chosen = shallowRef<RegionCode | null>(null);

/** The regions a person may look at the province from. */
export const homeOptions = computed(() => options.value);

/** The region that the pages start from: the person's own, or the one chosen among several. */
export const homeCode = computed<RegionCode | null>(() => chosen.value ?? homeRegions.value[0] ?? null);

/** Its name; empty until the center has answered. */
export const homeName = computed(
  () => options.value.find((option) => option.code === homeCode.value)?.name ?? '',
);

/** Fetches the names of the person's regions. A region that cannot be read keeps its code as its name. */
export async function loadHome(): Promise<void> {
  options.value = await Promise.all(
    homeRegions.value.map(async (code) => {
      try {
        return { code, name: (await regionDetail(code)).name };
      } catch {
        // The chip is an aid: the page itself tells what is wrong.
        return { code, name: code };
      }
    }),
  );
}

/** Chooses among several regions. */
export function setHome(code: RegionCode): void {
  chosen.value = code;
}

// Another person logged in: their own region, not the last one's choice.
watch(homeRegions, () => {
  chosen.value = null;
  options.value = [];
});
