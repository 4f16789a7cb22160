import { openDatabase } from '../../server/infra/database/database.ts';
import { draftStore } from '../../server/infra/database/stores/draft.store.ts';
import { scheduleStore } from '../../server/infra/database/stores/schedule.store.ts';
import { canonicalText } from '../../shared/core/canonical.ts';
import { draftIdSchema } from '../../shared/core/ids.ts';

/**
 * Publishes a draft in a data folder and kills its own process, as `kill -9` would, once all of it is
 * written but its audit entry. A process of its own: `node killed-publish.ts FOLDER DRAFT`.
 */
const [folder = '', id = ''] = process.argv.slice(2);
const db = await openDatabase(folder);
const draft = await draftStore(db).get(draftIdSchema.parse(id));
if (draft === null) throw new Error(`no draft ${id}`);
await scheduleStore(db).commit({
  atMs: draft.changedAtMs,
  by: draft.author.account,
  draft: { id: draft.id, revision: draft.revision, stages: 0, regions: [draft.region] },
  reason: null,
  put: draft.edits.flatMap(({ kind, id: name, base, body }) =>
    body === null
      ? []
      : [{ item: { kind, id: name, region: body.region, body: canonicalText(body) }, replaces: base }],
  ),
  remove: [],
  describe: [],
  note: () => {
    process.kill(process.pid, 'SIGKILL');
    throw new Error('unreachable');
  },
});
