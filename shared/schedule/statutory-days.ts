import { localDaySchema } from '../core/time.ts';
import type { LocalDay } from '../core/time.ts';

/** Days of a year's arrangement written `MM-DD`. */
const days = (year: number, list: string): LocalDay[] =>
  list.split(' ').map((day) => localDaySchema.parse(`${year}-${day}`));

/**
 * Statutory days (法定节假日和调休) as the State Council's yearly notices arrange them; a year without a
 * notice yet has its plain weekends. `off` are weekdays that are holidays, `work` weekend days that are worked.
 * To add a year: its notice, published in November of the year before.
 */
export const STATUTORY_DAYS: { off: LocalDay[]; work: LocalDay[] } = {
  // 国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04
  off: days(
    2026,
    '01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07',
  ),
  work: days(2026, '01-04 02-14 02-28 05-09 09-20 10-10'),
};
