const STILL_WIDTH = 480;
const STILL_TIMEOUT_MS = 10_000;

/** The address of an image that this browser has and can show. @throws DOMException when it cannot. */
export async function imageStill(address: string): Promise<string> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return address;
}

/** A frame from the first third of a video file as a data address. @throws Error when it cannot be shown here. */
export function videoStill(address: string): Promise<string> {
  return stillOf((video) => {
    video.src = address;
    return () => undefined;
  });
}

/**
 * A frame from the first third of an HLS stream as a data address. The player library comes only when
 * the first stream is looked at, and only as much of the stream as the frame needs.
 * @throws Error when it cannot be shown here.
 */
export async function hlsStill(address: string): Promise<string> {
  const { Hls } = await import('hls.js/light');
  if (!Hls.isSupported()) return videoStill(address);
  return stillOf((video, fail) => {
    const hls = new Hls({ enableWorker: false, maxBufferLength: 1, maxMaxBufferLength: 4 });
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => {
      if (fatal) fail(new Error(details));
    });
    hls.loadSource(address);
    hls.attachMedia(video);
    return () => hls.destroy();
  });
}

/** Gives a video its bytes and says what undoes it. */
type Attach = (video: HTMLVideoElement, fail: (cause: Error) => void) => () => void;

async function stillOf(attach: Attach): Promise<string> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  const { promise: broken, reject: fail } = Promise.withResolvers<never>();
  const loaded = within(video, 'loadeddata');
  const detach = attach(video, fail);
  try {
    await Promise.race([loaded, broken]);
    const sought = within(video, 'seeked');
    video.currentTime = Math.min(3, video.duration / 3);
    await Promise.race([sought, broken]);
    return draw(video);
  } finally {
    detach();
    video.removeAttribute('src');
    video.load();
  }
}

function draw(video: HTMLVideoElement): string {
  const canvas = document.createElement('canvas');
  canvas.width = STILL_WIDTH;
  canvas.height = Math.round((STILL_WIDTH * video.videoHeight) / Math.max(1, video.videoWidth));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.8);
}

/** Until the video says `event`. @throws Error when it fails or takes too long. */
function within(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event}`)), STILL_TIMEOUT_MS);
    const settle = (done: () => void) => () => {
      clearTimeout(timer);
      done();
    };
    video.addEventListener(event, settle(resolve), { once: true });
    video.addEventListener(
      'error',
      settle(() => reject(new Error('not playable'))),
      { once: true },
    );
  });
}
