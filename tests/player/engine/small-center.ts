import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import type { Socket } from 'socket.io';
import { deviceIdOf, openSigner, verifyEnvelope } from '../../../server/infra/signer.ts';
import type { Signer } from '../../../server/infra/signer.ts';
import { canonicalText } from '../../../shared/core/canonical.ts';
import type { BootId, DeviceId, Sha256 } from '../../../shared/core/ids.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import type { Assignment } from '../../../shared/plan/assignment.schema.ts';
import { encodePlan } from '../../../shared/plan/plan-bytes.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { DenyList } from '../../../shared/schedule/denial.schema.ts';
import {
  enrolmentSchema,
  helloSchema,
  PLAYER_NAMESPACE,
  planStateSchema,
} from '../../../shared/screen/protocol.ts';
import type { Hello, PlanStateReport } from '../../../shared/screen/protocol.ts';
import { beatSchema } from '../../../shared/telemetry/live.schema.ts';
import type { Beat } from '../../../shared/telemetry/live.schema.ts';
import { batchSchema, chainNext, chainStart } from '../../../shared/telemetry/record.schema.ts';
import type { BatchAnswer, JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { makeAssignment } from '../../shared/plan/make-plan.ts';

interface Known {
  publicKey: string;
  claimed: boolean;
  assignment: Envelope | null;
  denyList: Envelope | null;
}
interface HeldBoot {
  readonly records: JournalRecord[];
  head: Sha256;
}

/**
 * The player's side of a center, speaking the real protocol and keeping the journal by its rules,
 * with the faults that a test asks for. Nothing else of a center is here.
 */
export class SmallCenter {
  readonly signer: Signer;
  readonly boots = new Map<BootId, HeldBoot>();
  readonly planStates: PlanStateReport[] = [];
  readonly beats: Beat[] = [];
  readonly hellos: Hello[] = [];
  /** Requests for assets, with their Range header. */
  readonly assetRequests: { sha256: string; range: string | undefined }[] = [];
  readonly assets = new Map<string, Uint8Array>();
  readonly plans = new Map<string, Uint8Array>();
  readonly #devices = new Map<string, Known>();
  readonly #sockets = new Map<string, Socket>();
  readonly #folder: string;
  #http: Server | null = null;
  #io: SocketServer | null = null;
  #port = 0;

  /** Every device counts as claimed from its first enrolment on. */
  claimsAll = false;
  /** Added to the machine's clock. */
  skewMs = 0;
  /** So many journal batches are committed but never answered. */
  dropAcks = 0;
  /** Bytes of an asset as they go over the wire, where they are not right. */
  readonly garbled = new Map<string, Uint8Array>();
  batches = 0;
  /** Deny lists that were asked for. */
  listRequests = 0;
  /** A record number came twice with other content. */
  conflicts = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.signer = openSigner(folder);
  }

  static async start(): Promise<SmallCenter> {
    const center = new SmallCenter(mkdtempSync(join(tmpdir(), 'kepu-small-center-')));
    await center.up();
    return center;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  nowMs(): number {
    return Date.now() + this.skewMs;
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    const http = createServer((request, response) => void this.#answer(request, response));
    const io = new SocketServer(http, { transports: ['websocket'], perMessageDeflate: false });
    io.of(PLAYER_NAMESPACE).on('connection', (socket) => this.#welcome(socket));
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
    this.#io = io;
  }

  /** Away, as for the players. */
  async down(): Promise<void> {
    await this.#io?.close();
    this.#http?.closeAllConnections();
    this.#io = null;
    this.#sockets.clear();
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  claim(device: DeviceId): void {
    const known = this.#devices.get(device);
    if (known === undefined) throw new Error(`${device} never enrolled`);
    known.claimed = true;
  }

  addPlan(plan: Plan): Sha256 {
    const { bytes, digest } = encodePlan(plan);
    this.plans.set(digest, bytes);
    return digest;
  }

  /** Signs an assignment for a device and, unless told otherwise, sends it. */
  assign(device: DeviceId, patch: Partial<Record<keyof Assignment, unknown>>, send = true): Envelope {
    const now = Math.floor(this.nowMs() / 1000);
    const assignment = makeAssignment({ device, issuedAt: now, expiresAt: now + 3_600, ...patch });
    const envelope = this.signer.sign('kepu-assignment/1', canonicalText(assignment));
    const known = this.#devices.get(device);
    if (known !== undefined) known.assignment = envelope;
    if (send) this.push(device, envelope);
    return envelope;
  }

  push(device: DeviceId, envelope: Envelope): void {
    this.#sockets.get(device)?.emit('assignment', envelope);
  }

  /** Signs a deny list for a device, which it may fetch from now on. */
  denyList(device: DeviceId, list: Pick<DenyList, 'region' | 'version'> & Partial<DenyList>): Envelope {
    const issuedAt = Math.floor(this.nowMs() / 1000);
    const text = canonicalText({ format: 'kepu-denials/1', issuedAt, denials: [], ...list });
    const envelope = this.signer.sign('kepu-denials/1', text);
    const known = this.#devices.get(device);
    if (known !== undefined) known.denyList = envelope;
    return envelope;
  }

  /** Sends a deny list. @returns what the device answers. */
  async pushDenials(device: DeviceId, envelope: Envelope): Promise<{ version: number }> {
    const socket = this.#sockets.get(device);
    if (socket === undefined) throw new Error(`${device} is not connected`);
    return (await socket.timeout(5_000).emitWithAck('denials', envelope)) as { version: number };
  }

  isConnected(device: DeviceId): boolean {
    return this.#sockets.has(device);
  }

  /** Records of all boots, oldest boot first. */
  allRecords(): JournalRecord[] {
    return [...this.boots.values()].flatMap(({ records }) => records);
  }

  #welcome(socket: Socket): void {
    const nonce = `nonce-${Math.random()}`;
    socket.emit('challenge', { nonce });
    socket.on('hello', (raw: unknown, answer: (result: unknown) => void) => {
      const envelope = envelopeSchema.parse(raw);
      const hello = helloSchema.parse(JSON.parse(envelope.text));
      const known = this.#devices.get(hello.device);
      const good =
        known !== undefined &&
        verifyEnvelope('kepu-hello/1', envelope, known.publicKey) &&
        hello.nonce === nonce &&
        hello.center === this.signer.publicKey.keyId;
      if (!good || !known.claimed) {
        answer({ ok: false, code: good ? 'DEVICE_UNCLAIMED' : 'SIGNATURE_INVALID', detail: '' });
        socket.disconnect(true);
        return;
      }
      this.hellos.push(hello);
      this.#sockets.set(hello.device, socket);
      socket.on('disconnect', () => this.#sockets.delete(hello.device));
      this.#listen(socket, hello.device, known);
      const nowMs = Math.floor(this.nowMs());
      answer({ ok: true, token: `token-${hello.device}`, tokenExpiresAtMs: nowMs + 3_600_000, nowMs });
      if (known.assignment !== null) socket.emit('assignment', known.assignment);
    });
  }

  #listen(socket: Socket, device: DeviceId, known: Known): void {
    socket.on('time', (answer: (result: unknown) => void) => {
      const t1 = Math.floor(this.nowMs());
      answer({ t1, t2: Math.floor(this.nowMs()) });
    });
    socket.on('beat', (raw: unknown, answer: (result: unknown) => void) => {
      this.beats.push(beatSchema.parse(raw));
      answer({ ok: true });
    });
    socket.on('planState', (raw: unknown, answer: (result: unknown) => void) => {
      this.planStates.push(planStateSchema.parse(raw));
      answer({ ok: true });
    });
    socket.on('journal', (raw: unknown, answer: (result: unknown) => void) => {
      const result = this.#ingest(device, known, raw);
      if (result !== null) answer(result);
      else socket.disconnect(true);
    });
  }

  /** `null`: committed, and the answer is lost. */
  #ingest(device: DeviceId, known: Known, raw: unknown): BatchAnswer | null {
    this.batches += 1;
    const envelope = envelopeSchema.parse(raw);
    if (!verifyEnvelope('kepu-batch/1', envelope, known.publicKey)) throw new Error('batch signature');
    const batch = batchSchema.parse(JSON.parse(envelope.text));
    const held = this.boots.get(batch.boot) ?? { records: [], head: chainStart(device, batch.boot) };
    this.boots.set(batch.boot, held);
    for (const record of batch.records) {
      const before = held.records[record.seq - 1];
      if (before !== undefined) {
        if (canonicalText(before) !== canonicalText(record)) this.conflicts += 1;
      } else if (record.seq === held.records.length + 1) {
        held.records.push(record);
        held.head = chainNext(held.head, record);
      } else return { ok: false, code: 'BATCH_CHAIN_BROKEN', detail: '', mark: held.records.length };
    }
    if (this.dropAcks > 0) {
      this.dropAcks -= 1;
      return null;
    }
    return { ok: true, boot: batch.boot, mark: held.records.length };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path === '/api/enrolment') {
      json(200, this.#enrol(JSON.parse(await bodyOf(request))));
      return;
    }
    const token = /^Bearer token-([0-9a-f]{32})$/.exec(request.headers.authorization ?? '')?.[1];
    const known = token === undefined ? undefined : this.#devices.get(token);
    const [, kind, name = ''] =
      /^\/api\/(plans|assets|assignment|journal|denials)\/?([0-9a-f]*|list)$/.exec(path) ?? [];
    if (known === undefined) json(401, {});
    else if (kind === 'assignment') json(known.assignment === null ? 404 : 200, known.assignment ?? {});
    else if (kind === 'denials') {
      this.listRequests += 1;
      json(known.denyList === null ? 404 : 200, known.denyList ?? {});
    } else if (kind === 'journal')
      json(200, this.#ingest(token as DeviceId, known, JSON.parse(await bodyOf(request))) ?? {});
    else if (kind === 'plans') this.#bytes(request, response, this.plans.get(name));
    else if (kind === 'assets') {
      this.assetRequests.push({ sha256: name, range: request.headers.range });
      this.#bytes(request, response, this.garbled.get(name) ?? this.assets.get(name));
    } else json(404, {});
  }

  #bytes(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const part = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': part.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    response.end(part);
  }

  #enrol(raw: unknown): unknown {
    const envelope = envelopeSchema.parse(raw);
    const enrolment = enrolmentSchema.parse(JSON.parse(envelope.text));
    if (!verifyEnvelope('kepu-enrolment/1', envelope, enrolment.publicKey))
      throw new Error('enrolment signature');
    const device = deviceIdOf(enrolment.publicKey);
    const known = this.#devices.get(device) ?? {
      publicKey: enrolment.publicKey,
      claimed: this.claimsAll,
      assignment: null,
      denyList: null,
    };
    this.#devices.set(device, known);
    const nowMs = Math.floor(this.nowMs());
    const common = { device, center: this.signer.publicKey, nowMs };
    return known.claimed
      ? { state: 'claimed', ...common }
      : {
          state: 'waiting',
          ...common,
          code: 'K7M429WP',
          codeExpiresAtMs: nowMs + 600_000,
          claimUrl: `${this.url}/claim?code=K7M429WP`,
        };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
