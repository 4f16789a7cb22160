import { Hls } from 'hls.js/light';
import type { ErrorData, HlsConfig } from 'hls.js';
import workerUrl from 'hls.js/dist/hls.worker.js?url';
import type { AttachSource } from './video.ts';

/** The segments come from a loopback disk: a short buffer is enough, and memory on a box is not. */
const CONFIG: Partial<HlsConfig> = {
  enableWorker: true,
  workerPath: workerUrl,
  maxBufferLength: 12,
  maxMaxBufferLength: 24,
  backBufferLength: 8,
  lowLatencyMode: false,
};

/** What hls.js may be asked to do about a fatal error, and how often per showing. */
const RECOVERY = {
  networkError: { times: 3, waitMs: 1_000 },
  mediaError: { times: 1, waitMs: 0 },
} as const;

/** HLS by Media Source Extensions. Fatal errors that recovery does not cure fail the item. */
export const attachHls: AttachSource = ({ video, src, positionS, fail }) => {
  const hls = new Hls({ ...CONFIG, startPosition: positionS });
  const used = { networkError: 0, mediaError: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;

  const recover = (data: ErrorData): boolean => {
    const kind = data.type;
    if (kind !== 'networkError' && kind !== 'mediaError') return false;
    if (used[kind] >= RECOVERY[kind].times) return false;
    used[kind] += 1;
    const again = () => {
      if (kind === 'mediaError') hls.recoverMediaError();
      else if (hls.levels.length === 0) hls.loadSource(src);
      else hls.startLoad();
    };
    if (RECOVERY[kind].waitMs === 0) again();
    else timer = setTimeout(again, RECOVERY[kind].waitMs);
    return true;
  };

  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal || recover(data)) return;
    fail({ code: 'hls', detail: `${data.type}/${data.details}: ${data.error.message}`.slice(0, 200) });
  });
  hls.attachMedia(video);
  hls.loadSource(src);
  return () => {
    clearTimeout(timer);
    hls.destroy();
  };
};
