import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { LocalDay } from '../../../../shared/core/time.ts';
import type { Tier } from '../../../../shared/region/tier.ts';
import { TIERS } from '../../../../shared/region/tier.ts';
import type { RegionStore } from '../../../features/region/region.port.ts';
import type { Db } from '../database.ts';

const VERSION_KEY = 'regions.version';
/** Rows per statement: 5 columns each, well under SQLite's 32,766 parameters. */
const CHUNK = 2_000;

/** Regions and their aliases in the database. */
export function regionStore(db: Db): RegionStore {
  return {
    async version() {
      const row = await db
        .selectFrom('meta')
        .select('value')
        .where('key', '=', VERSION_KEY)
        .executeTakeFirst();
      return row?.value ?? null;
    },

    async replace({ version, regions, aliases }) {
      await db.transaction().execute(async (trx) => {
        for (let at = 0; at < regions.length; at += CHUNK) {
          const rows = regions.slice(at, at + CHUNK).map(({ statOnly, ...region }) => ({
            ...region,
            stat_only: Number(statOnly),
          }));
          // Upsert and never delete: screens refer to regions, and old codes keep their rows.
          await trx
            .insertInto('regions')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('code').doUpdateSet((eb) => ({
                name: eb.ref('excluded.name'),
                tier: eb.ref('excluded.tier'),
                parent: eb.ref('excluded.parent'),
                stat_only: eb.ref('excluded.stat_only'),
              })),
            )
            .execute();
        }
        await trx.deleteFrom('region_aliases').execute();
        if (aliases.length > 0)
          await trx
            .insertInto('region_aliases')
            .values(
              aliases.map(({ code, name, region, validFrom, validTo }) => ({
                code,
                name,
                region,
                valid_from: validFrom,
                valid_to: validTo,
              })),
            )
            .execute();
        await trx
          .insertInto('meta')
          .values({ key: VERSION_KEY, value: version })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: version }))
          .execute();
      });
    },

    async load() {
      const rows = await db.selectFrom('regions').selectAll().orderBy('code').execute();
      const regions = rows.map((row) => ({
        code: row.code as RegionCode,
        name: row.name,
        tier: row.tier as Tier,
        parent: row.parent as RegionCode | null,
        statOnly: row.stat_only === 1,
      }));
      const aliases = await db.selectFrom('region_aliases').selectAll().orderBy('code').execute();
      return {
        regions: regions.sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier)),
        aliases: aliases.map((row) => ({
          code: row.code as RegionCode,
          name: row.name,
          region: row.region as RegionCode,
          validFrom: row.valid_from as LocalDay | null,
          validTo: row.valid_to as LocalDay,
        })),
      };
    },
  };
}
