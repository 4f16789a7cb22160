import type { ScreenRow } from '../../../../shared/screen/screen.schema.ts';

/** Which screen a box is put behind: one that is there, or one to be made. */
export type Choice =
  | { readonly kind: 'old'; readonly screen: ScreenRow }
  | { readonly kind: 'new'; readonly name: string };
