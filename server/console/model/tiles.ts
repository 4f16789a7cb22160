/**
 * Where each city stands on the tile map, in tiles from the top left: a placing by bearing, not a map
 * of boundaries. `columns` is how many counties stand side by side. 济源 (419001) is a city of one county.
 */
export interface CityPlace {
  readonly code: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly columns: number;
}

export const MAP_COLUMNS = 18.4;
/** Three rows and more below the last cities are the legend's, at the left. */
export const MAP_ROWS = 19;

const place = (code: string, name: string, x: number, y: number, columns: number): CityPlace => ({
  code,
  name,
  x,
  y,
  columns,
});

export const CITY_PLACES: readonly CityPlace[] = [
  place('4105', '安阳', 6.2, 0, 5),
  place('4106', '鹤壁', 11.6, 0, 3),
  place('4109', '濮阳', 15, 0, 3),
  place('419001', '济源', 2.6, 2.75, 1),
  place('4108', '焦作', 4.2, 2.75, 5),
  place('4107', '新乡', 9.6, 2.75, 6),
  place('4112', '三门峡', 0, 5.5, 2),
  place('4103', '洛阳', 2.3, 5.5, 5),
  place('4101', '郑州', 7.6, 5.5, 4),
  place('4102', '开封', 11.9, 5.5, 3),
  place('4114', '商丘', 15.2, 5.5, 3),
  place('4104', '平顶山', 1.4, 9.25, 5),
  place('4110', '许昌', 6.8, 9.25, 3),
  place('4111', '漯河', 10.2, 9.25, 3),
  place('4116', '周口', 13.4, 9.25, 5),
  place('4113', '南阳', 1, 12, 5),
  place('4117', '驻马店', 8, 12, 5),
  place('4115', '信阳', 9.6, 14.75, 5),
];

/** The city that a county's tile stands in: its first four digits, and 济源 for itself. */
export function cityKeyOf(county: string): string {
  return county.slice(2, 4) === '90' ? county : county.slice(0, 4);
}

/** `卢氏县` → `卢氏` for a tile; names of two characters stay whole. */
export function tileName(name: string): string {
  if (name.length <= 2) return name;
  const short = name.replace(/(回族区|自治县|区|县|市)$/, '');
  return short.length < 2 ? name : short;
}
