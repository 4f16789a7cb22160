import { openAsBlob } from 'node:fs';
import { z } from 'zod';
import type { RegionCode, Sha256 } from '../../shared/core/ids.ts';
import { applyAnswerSchema } from '../../shared/schedule/apply.api.ts';
import type { ApplyAnswer } from '../../shared/schedule/apply.api.ts';
import { scheduleDocumentSchema } from '../../shared/schedule/schedule-document.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import { playlistSchema } from '../../shared/schedule/schedule.schema.ts';
import type { Playlist } from '../../shared/schedule/schedule.schema.ts';
import type { AssetBytes } from '../schedules/load-asset.ts';
import { CenterError } from './center-api.ts';
import type { CenterApi } from './center-api.ts';

/** What a center has on air, and the files for it; every method throws CenterError. */
export interface ContentApi {
  document(region: RegionCode): Promise<ScheduleDocument>;
  /** Those that the account may see, and those of the regions above it. */
  playlists(): Promise<readonly Playlist[]>;
  hasFile(sha256: Sha256): Promise<boolean>;
  putFile(sha256: Sha256, blob: AssetBytes): Promise<void>;
  apply(document: ScheduleDocument): Promise<ApplyAnswer>;
}

/** The part of the center's API that schedules and their assets go through. */
export function contentApi(api: CenterApi): ContentApi {
  return {
    document: (region) => api.get(`/api/schedules/document?region=${region}`, scheduleDocumentSchema),
    async playlists() {
      const { rows } = await api.get('/api/playlists', z.object({ rows: z.array(playlistSchema) }));
      return rows;
    },
    async hasFile(sha256) {
      const response = await api.reach(`/api/assets/${sha256}`, { method: 'HEAD' });
      if (response.status === 404) return false;
      if (!response.ok) throw new CenterError(`中心答 ${response.status}：检查登录和权限`, null);
      return true;
    },
    async putFile(sha256, blob) {
      const body = 'path' in blob ? await openAsBlob(blob.path) : Uint8Array.from(blob.bytes);
      const headers = { 'content-type': blob.mime };
      const response = await api.ask(`/api/assets/${sha256}`, { method: 'PUT', headers, body });
      await response.body?.cancel();
    },
    apply: (document) => api.post('/api/schedules/apply', document, applyAnswerSchema),
  };
}
