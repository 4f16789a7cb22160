import { readonly, ref, shallowReadonly, shallowRef } from 'vue';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { z } from 'zod';
import type { DraftId, ScreenId } from '../../../shared/core/ids.ts';
import { publicationSchema } from '../../../shared/plan/publication.api.ts';
import type { Publication } from '../../../shared/plan/publication.api.ts';
import { CONSOLE_NAMESPACE } from '../../../shared/screen/console-protocol.ts';
import { liveScreenSchema } from '../../../shared/telemetry/live-screen.schema.ts';
import type { LiveScreen } from '../../../shared/telemetry/live-screen.schema.ts';
import { tellLoggedOut } from '../api/client.ts';

/** Changes are drawn at most this often. */
const DRAW_MS = 500;
/** A list may carry names beside the live state; only the state is taken. */
const newsSchema = z.array(z.object(liveScreenSchema.shape));

export type Connection = 'opening' | 'open' | 'lost';

const state = ref<Connection>('opening');
const heardMs = ref<number | null>(null);
const screens = shallowRef<ReadonlyMap<ScreenId, LiveScreen>>(new Map());
const reconnects = ref(0);
const denied = ref(0);

const published = shallowRef<ReadonlyMap<DraftId, Publication>>(new Map());

/** Whether live news come in. */
export const connection = readonly(state);
/** When the line was last known to be good; `null` before the first time. */
export const lastHeardMs = readonly(heardMs);
/** What changed since the page was opened, by screen. */
export const news = shallowReadonly(screens);
/** How far publishes got, as told since the page was opened. */
export const publications = shallowReadonly(published);
/** Grows with each connect: what changed while the line was down is not repeated, so lists are read again. */
export const connects = readonly(reconnects);

/** Grows when a denial was issued, lifted, or reached more screens. */
export const deniedNews = readonly(denied);

let socket: Socket | null = null;
let waiting: LiveScreen[] = [];
let drawing: ReturnType<typeof setTimeout> | null = null;

/** Opens the live connection, if it is not open yet. */
export function startLive(): void {
  if (socket !== null) return;
  const opened = io(CONSOLE_NAMESPACE, { transports: ['websocket'], reconnectionDelayMax: 15_000 });
  socket = opened;
  state.value = 'opening';
  const heard = () => {
    heardMs.value = Date.now();
  };
  opened.on('connect', () => {
    state.value = 'open';
    heard();
    reconnects.value += 1;
    // The engine's ping is news too: a quiet province is not a lost line.
    opened.io.engine.on('packet', heard);
  });
  opened.on('disconnect', (reason) => {
    state.value = 'lost';
    // The center closed it on purpose (a restart, a session that ended): socket.io leaves that to us.
    if (reason === 'io server disconnect') setTimeout(() => opened === socket && opened.connect(), 2_000);
  });
  opened.on('connect_error', () => {
    state.value = 'lost';
    // A refusal by the center (not a line that is down) is not tried again by socket.io itself.
    if (!opened.active) setTimeout(() => opened === socket && opened.connect(), 10_000);
  });
  opened.on('ended', tellLoggedOut);
  opened.on('publication', (message: unknown) => {
    heard();
    const parsed = publicationSchema.safeParse(message);
    if (!parsed.success) return;
    published.value = new Map(published.value).set(parsed.data.draft, parsed.data);
  });
  opened.on('denial', () => {
    denied.value += 1;
  });
  opened.on('live', (message: unknown) => {
    heard();
    const parsed = newsSchema.safeParse(message);
    if (!parsed.success) return;
    waiting.push(...parsed.data);
    drawing ??= setTimeout(draw, DRAW_MS);
  });
}

/** Closes the connection and forgets what it brought: the next person may see other screens. */
export function stopLive(): void {
  socket?.disconnect();
  socket = null;
  if (drawing !== null) clearTimeout(drawing);
  drawing = null;
  waiting = [];
  state.value = 'opening';
  heardMs.value = null;
  screens.value = new Map();
  published.value = new Map();
}

function draw(): void {
  drawing = null;
  const next = new Map(screens.value);
  for (const one of waiting.splice(0)) next.set(one.screen, one);
  screens.value = next;
}
