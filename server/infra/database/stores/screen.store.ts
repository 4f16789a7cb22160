import type { ExpressionBuilder, Selectable } from 'kysely';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../../../shared/core/errors.ts';
import type { DeviceId, RegionCode, ScreenId } from '../../../../shared/core/ids.ts';
import type { LocalDay } from '../../../../shared/core/time.ts';
import { screenOwnSettingsSchema } from '../../../../shared/screen/screen.schema.ts';
import { rendererSchema } from '../../../../shared/telemetry/record.schema.ts';
import type {
  DeviceBinding,
  DeviceRecord,
  ScreenFilter,
  ScreenStore,
  StoredScreen,
} from '../../../features/screen/screen.port.ts';
import type { Db } from '../database.ts';
import { inSlices } from '../slices.ts';
import type { BindingTable, DeviceTable, ScreenTable } from '../tables/core.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.store.ts';

const wordsSchema = z.array(z.string());
const settingsSchema = screenOwnSettingsSchema.partial();

/** Screens, devices and the bindings between them in the database. */
export function screenStore(db: Db): ScreenStore {
  /** Screens beside the device bound to each now. */
  const joined = () =>
    db
      .selectFrom('screens')
      .leftJoin('bindings', (join) =>
        join.onRef('bindings.screen', '=', 'screens.id').on('bindings.to_ms', 'is', null),
      );

  return {
    async insertScreen(screen, createdAtMs, note) {
      const row = {
        id: screen.id,
        name: screen.name,
        region: screen.region,
        tags: JSON.stringify(screen.tags),
        groups: JSON.stringify(screen.groups),
        demo: Number(screen.demo),
        commissioned_on: screen.commissionedOn,
        retired_on: screen.retiredOn,
        settings: JSON.stringify(screen.settings),
        created_at_ms: createdAtMs,
      };
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('screens').values(row).execute();
        await appendAudit(trx, note);
      });
    },

    async patchScreen(id, { name, tags, groups, settings, retiredOn }, note) {
      const changes = {
        ...(name !== undefined && { name }),
        ...(tags !== undefined && { tags: JSON.stringify(tags) }),
        ...(groups !== undefined && { groups: JSON.stringify(groups) }),
        ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        ...(retiredOn !== undefined && { retired_on: retiredOn }),
      };
      if (Object.keys(changes).length === 0) return;
      await db.transaction().execute(async (trx) => {
        await trx.updateTable('screens').set(changes).where('id', '=', id).execute();
        await appendAudit(trx, note);
      });
    },

    async screen(id) {
      const row = await joined()
        .selectAll('screens')
        .select('bindings.device')
        .where('screens.id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : screenOf(row);
    },

    async screens(filter) {
      const matching = joined().where((eb) => matches(eb, filter));
      let page = matching
        .selectAll('screens')
        .select('bindings.device')
        .orderBy('screens.region')
        .orderBy('screens.id');
      if (filter.limit !== undefined) page = page.limit(filter.limit);
      if (filter.offset !== undefined && filter.offset > 0) page = page.offset(filter.offset);
      const rows = (await page.execute()).map(screenOf);
      if (filter.limit === undefined) return { rows, total: rows.length + (filter.offset ?? 0) };
      const { total } = await matching
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows, total: Number(total) };
    },

    async idsWithin(scope) {
      const rows = await db
        .selectFrom('screens')
        .select('id')
        .$if(scope !== null, (all) => all.where((eb) => eb.or((scope ?? []).map((code) => within(eb, code)))))
        .execute();
      return rows.map(({ id }) => id as ScreenId);
    },

    async byIds(ids) {
      const rows = await inSlices(ids, (slice) =>
        joined().selectAll('screens').select('bindings.device').where('screens.id', 'in', slice).execute(),
      );
      return rows.map(screenOf);
    },

    async countByRegion() {
      const rows = await db
        .selectFrom('screens')
        .select((eb) => ['region' as const, eb.fn.countAll<number>().as('count')])
        .where('retired_on', 'is', null)
        .groupBy('region')
        .execute();
      return new Map(rows.map(({ region, count }) => [region as RegionCode, Number(count)]));
    },

    async device(id) {
      const row = await db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : deviceOf(row);
    },

    async devicesByKeyId(keyId) {
      const rows = await db
        .selectFrom('devices')
        .selectAll()
        .where('id', '>=', keyId)
        // 'g' follows the last hex digit.
        .where('id', '<', `${keyId}g`)
        .execute();
      return rows.map(deviceOf);
    },

    async deviceByCode(code) {
      const row = await db
        .selectFrom('devices')
        .selectAll()
        .where('pairing_code', '=', code)
        .executeTakeFirst();
      return row === undefined ? null : deviceOf(row);
    },

    async putDevice(device) {
      return db.transaction().execute(async (trx) => {
        const bound = await trx
          .selectFrom('bindings')
          .select('id')
          .where('device', '=', device.id)
          .where('to_ms', 'is', null)
          .executeTakeFirst();
        const pairing = bound === undefined ? device.pairing : null;
        if (pairing !== null) {
          const holder = await trx
            .selectFrom('devices')
            .select('id')
            .where('pairing_code', '=', pairing.code)
            .executeTakeFirst();
          if (holder !== undefined && holder.id !== device.id) return false;
        }
        const said = {
          renderer: device.renderer,
          version: device.version,
          hardware: device.hardware,
          pairing_code: pairing?.code ?? null,
          pairing_expires_at_ms: pairing?.expiresAtMs ?? null,
        };
        await trx
          .insertInto('devices')
          .values({
            id: device.id,
            public_key: device.publicKey,
            enrolled_at_ms: device.enrolledAtMs,
            ...said,
          })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(said))
          .execute();
        return true;
      });
    },

    async countUnclaimed() {
      const { count } = await db
        .selectFrom('devices')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('id', 'not in', (eb) => eb.selectFrom('bindings').select('device'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async forgetUnclaimed(expiredBeforeMs) {
      const { numDeletedRows } = await db
        .deleteFrom('devices')
        .where('pairing_expires_at_ms', '<', expiredBeforeMs)
        .where('id', 'not in', (eb) => eb.selectFrom('bindings').select('device'))
        .executeTakeFirst();
      return Number(numDeletedRows);
    },

    async bind({ id, screen, device, code, replaces, atMs, note }) {
      await db.transaction().execute(async (trx) => {
        const taken = await trx
          .updateTable('devices')
          .set({ pairing_code: null, pairing_expires_at_ms: null })
          .where('id', '=', device)
          .where('pairing_code', '=', code)
          .executeTakeFirst();
        if (taken.numUpdatedRows === 0n) throw new AppError('PAIRING_CODE_UNKNOWN');
        const open = await trx
          .updateTable('bindings')
          .set({ to_ms: atMs })
          .where('screen', '=', screen)
          .where('to_ms', 'is', null)
          .returning('device')
          .executeTakeFirst();
        if ((open?.device ?? null) !== replaces)
          throw new AppError('CONFLICT', { detail: `${screen} 刚换了终端（its device just changed）` });
        await trx.insertInto('bindings').values({ id, screen, device, from_ms: atMs, to_ms: null }).execute();
        await appendAudit(trx, note);
      });
    },

    async unbind({ screen, device, atMs, note }) {
      return db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('bindings')
          .set({ to_ms: atMs })
          .where('screen', '=', screen)
          .where('device', '=', device)
          .where('to_ms', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await appendAudit(trx, note);
        return true;
      });
    },

    async bindingOf(device) {
      const row = await db
        .selectFrom('bindings')
        .selectAll()
        .where('device', '=', device)
        .where('to_ms', 'is', null)
        .executeTakeFirst();
      return row === undefined ? null : bindingOf(row);
    },

    async bindings(of) {
      const all = db.selectFrom('bindings').selectAll().orderBy('from_ms').orderBy('id');
      const some = 'screen' in of ? all.where('screen', '=', of.screen) : all.where('device', '=', of.device);
      return (await some.execute()).map(bindingOf);
    },
  };
}

type JoinedTables = Tables & { bindings: BindingTable };

/** A subtree is a prefix of codes; as a range of digits it uses the index in any collation. */
function within(eb: ExpressionBuilder<Tables, 'screens'>, code: RegionCode) {
  return eb.and([eb('screens.region', '>=', code), eb('screens.region', '<', String(BigInt(code) + 1n))]);
}

function matches(eb: ExpressionBuilder<JoinedTables, 'screens' | 'bindings'>, filter: ScreenFilter) {
  const { scope, region, q, tag, group, bound } = filter;
  const has = (column: 'screens.tags' | 'screens.groups' | 'screens.name', text: string) =>
    sql<boolean>`${eb.ref(column)} like ${contains(text)} escape '\\'`;
  const conditions = [
    scope === undefined ? undefined : eb.or(scope.map((code) => within(eb, code))),
    region === undefined ? undefined : within(eb, region),
    tag === undefined ? undefined : has('screens.tags', JSON.stringify(tag)),
    group === undefined ? undefined : has('screens.groups', JSON.stringify(group)),
    bound === undefined ? undefined : eb('bindings.device', bound ? 'is not' : 'is', null),
    q === undefined || q === ''
      ? undefined
      : eb.or([has('screens.name', q), eb('screens.id', '=', q), eb('bindings.device', '=', q)]),
  ];
  return eb.and(conditions.filter((condition) => condition !== undefined));
}

/** A LIKE pattern for what contains `text`; `%`, `_` and `\` stand for themselves. */
function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function screenOf(row: Selectable<ScreenTable> & { device: string | null }): StoredScreen {
  return {
    id: row.id as ScreenId,
    name: row.name,
    region: row.region as RegionCode,
    tags: wordsSchema.parse(JSON.parse(row.tags)),
    groups: wordsSchema.parse(JSON.parse(row.groups)),
    demo: row.demo === 1,
    commissionedOn: row.commissioned_on as LocalDay,
    retiredOn: row.retired_on as LocalDay | null,
    settings: settingsSchema.parse(JSON.parse(row.settings)) as StoredScreen['settings'],
    device: row.device as DeviceId | null,
  };
}

function deviceOf(row: Selectable<DeviceTable>): DeviceRecord {
  const { pairing_code: code, pairing_expires_at_ms: expiresAtMs } = row;
  return {
    id: row.id as DeviceId,
    publicKey: row.public_key,
    renderer: rendererSchema.parse(row.renderer),
    version: row.version,
    hardware: row.hardware,
    enrolledAtMs: row.enrolled_at_ms,
    pairing: code === null || expiresAtMs === null ? null : { code, expiresAtMs },
  };
}

function bindingOf(row: Selectable<BindingTable>): DeviceBinding {
  return {
    screen: row.screen as ScreenId,
    device: row.device as DeviceId,
    fromMs: row.from_ms,
    toMs: row.to_ms,
  };
}
