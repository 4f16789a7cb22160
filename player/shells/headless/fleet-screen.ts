import { startEngine } from '../../engine/engine.ts';
import type { Engine, EngineCommons } from '../../engine/engine.ts';
import type { EngineStatus } from '../../engine/engine-status.ts';
import { socketLink } from '../../engine/link/socket-link.ts';
import type { Cancel, CenterLink, Http, LinkSocket, Log, Timers } from '../../engine/ports.ts';
import { systemHttp } from '../../engine/system-ports.ts';
import type { CenterKey } from '../../../shared/screen/protocol.ts';
import type { FleetEvent } from './fleet-behaviour.ts';
import { HeadlessStage } from './headless-stage.ts';

export interface FleetScreenOptions {
  readonly index: number;
  readonly center: string;
  readonly folder: string;
  readonly commons: EngineCommons;
  readonly claim: (code: string) => Promise<void>;
  readonly centerKey?: CenterKey;
  readonly log: Log;
  readonly timers: Timers;
}

const LOOK_MS = 1_000;

/** One screen of a fleet: a real engine that can be switched off, cut off and blinded. */
export class FleetScreen {
  readonly #options: FleetScreenOptions;
  readonly #sockets = new Set<LinkSocket>();
  #engine: Engine | null = null;
  #stage: HeadlessStage | null = null;
  #isCut = false;
  #isDark = false;
  #isRetired = false;
  #cancelLook: Cancel | null = null;
  #claimed = '';
  /** Switching on and off one after the other, whoever asks. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: FleetScreenOptions) {
    this.#options = options;
  }

  /** `null` while it is switched off. */
  status(): EngineStatus | null {
    return this.#engine?.status() ?? null;
  }

  switchOn(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  begin(kind: FleetEvent['kind']): Promise<void> {
    switch (kind) {
      case 'power-cut':
        return this.#inTurn(() => this.#stop(true));
      case 'switched-off':
        return this.#inTurn(() => this.#stop(false));
      case 'link-lost':
        this.#isCut = true;
        for (const socket of this.#sockets) socket.close();
        return Promise.resolve();
      case 'picture-lost':
        this.#isDark = true;
        return Promise.resolve();
      default:
        return kind satisfies never;
    }
  }

  end(kind: FleetEvent['kind']): Promise<void> {
    if (kind === 'link-lost') this.#isCut = false;
    else if (kind === 'picture-lost') this.#isDark = false;
    else return this.switchOn();
    return Promise.resolve();
  }

  /** Switches it off for good. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#inTurn(() => this.#stop(false));
  }

  async #start(): Promise<void> {
    if (this.#engine !== null || this.#isRetired) return;
    const { index, center, folder, commons, centerKey, log, timers } = this.#options;
    const stage = new HeadlessStage({ timers, behaviour: { isDark: () => this.#isDark } });
    this.#engine = await startEngine({
      centerUrl: center,
      dataFolder: folder,
      renderer: 'headless',
      hardware: `演示终端 ${index + 1}`,
      stage,
      commons,
      ...(centerKey !== undefined && { centerKey }),
      ports: { log, timers, link: this.#link(socketLink(center)), http: this.#http },
    });
    this.#stage = stage;
    this.#look();
  }

  async #stop(abrupt: boolean): Promise<void> {
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#stage?.stop();
    this.#stage = null;
    const engine = this.#engine;
    this.#engine = null;
    await engine?.stop({ abrupt });
  }

  /** Has a new device claimed; a code that could not be claimed is tried again when the next one shows. */
  #look(): void {
    this.#cancelLook = this.#options.timers.after(LOOK_MS, () => {
      const status = this.status();
      if (status === null || status.screen !== null) return;
      this.#look();
      const code = status.pairingCode;
      if (code === null || code === this.#claimed) return;
      this.#claimed = code;
      this.#options.claim(code).catch((error: unknown) => {
        this.#claimed = '';
        this.#options.log.warn('not claimed', { screen: this.#options.index, reason: String(error) });
      });
    });
  }

  readonly #http: Http = (url, init) =>
    this.#isCut ? Promise.reject(new Error('the link is lost')) : systemHttp(url, init);

  #link(real: CenterLink): CenterLink {
    return {
      open: (events) => {
        if (this.#isCut) {
          this.#options.timers.after(0, () => events.closed('the link is lost'));
          return { request: () => Promise.reject(new Error('the link is lost')), close: () => {} };
        }
        const socket = real.open({
          ...events,
          message: (event, payload) => events.message(event, payload),
          closed: (reason) => {
            this.#sockets.delete(socket);
            events.closed(reason);
          },
        });
        this.#sockets.add(socket);
        return socket;
      },
    };
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      this.#options.log.error('a fleet screen failed', {
        screen: this.#options.index,
        reason: String(error),
      });
    });
    return this.#turn;
  }
}
