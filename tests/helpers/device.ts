import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { canonicalText } from '../../shared/core/canonical.ts';
import type { BootId, DeviceId, ScreenId, Sha256 } from '../../shared/core/ids.ts';
import type { Envelope } from '../../shared/core/signed.ts';
import { SignedKind, signingInput } from '../../shared/core/signed.ts';
import type { Assignment } from '../../shared/plan/assignment.schema.ts';
import { assignmentSchema } from '../../shared/plan/assignment.schema.ts';
import { denyListSchema } from '../../shared/schedule/denial.schema.ts';
import type { DenyList } from '../../shared/schedule/denial.schema.ts';
import type {
  CenterKey,
  CenterToPlayer,
  EnrolmentAnswer,
  HelloAnswer,
  PlayerToCenter,
} from '../../shared/screen/protocol.ts';
import { PLAYER_NAMESPACE } from '../../shared/screen/protocol.ts';
import type { TestCenter } from './center.ts';

/** What a device holds when it connects. */
export interface Held {
  readonly counter?: number;
  readonly plan?: Sha256 | null;
  readonly denyListVersion?: number;
}

/** A connected device. */
export interface Connection {
  readonly socket: Socket<CenterToPlayer, PlayerToCenter>;
  /** The boot it said hello as. */
  readonly boot: BootId;
  readonly answer: HelloAnswer;
  /** The bearer token's header; empty when refused. */
  readonly bearer: string;
  /** Assignments that came, in order. */
  readonly assignments: readonly Envelope[];
  /** Deny lists that came, in order; each was answered as held. */
  readonly denyLists: readonly DenyList[];
  /** What came, in order: `denials` or `assignment`. */
  readonly heard: readonly string[];
  /** The next assignment, or the oldest that nobody took yet. */
  nextAssignment(): Promise<{ readonly envelope: Envelope; readonly assignment: Assignment }>;
  close(): void;
}

/** A device with a key of its own, speaking the protocol by hand. */
export function makeDevice() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  const hash = createHash('sha256').update(Buffer.from(raw, 'base64url')).digest('hex');
  const device = hash.slice(0, 32) as DeviceId;
  let center: CenterKey | null = null;

  function signed(kind: SignedKind, content: object): Envelope {
    const text = canonicalText(content);
    const signature = sign(null, signingInput(kind, text), privateKey).toString('base64url');
    return { text, keyId: hash.slice(0, 16), signature };
  }

  function enrolment(): Envelope {
    return signed(SignedKind.enrolment, {
      format: SignedKind.enrolment,
      publicKey: raw,
      renderer: 'headless',
      version: 'test',
      hardware: 'test',
      nonce: randomBytes(16).toString('hex'),
    });
  }

  async function enrol(at: TestCenter): Promise<EnrolmentAnswer> {
    const envelope = enrolment();
    const { status, body } = await at.as(null)('POST', '/api/enrolment', envelope);
    if (status !== 200) throw new Error(`enrolment answered ${JSON.stringify(body)}`);
    const answer = body as EnrolmentAnswer;
    center = answer.center;
    return answer;
  }

  return {
    device,
    signed,
    enrolment,
    enrol,

    /** Enrols, and is claimed to a screen by whoever `cookie` logs in. */
    async claimTo(at: TestCenter, screen: ScreenId, cookie: string): Promise<void> {
      const answer = await enrol(at);
      if (answer.state !== 'waiting') throw new Error('already claimed');
      const claim = await at.as(cookie)('POST', `/api/screens/${screen}/claim`, {
        code: answer.code,
        replace: true,
      });
      if (claim.status !== 200) throw new Error(`claim answered ${JSON.stringify(claim.body)}`);
    },

    /** Connects, answers the challenge with what it holds, and waits for the answer. */
    async connect(at: TestCenter, held: Held = {}): Promise<Connection> {
      const socket: Socket<CenterToPlayer, PlayerToCenter> = io(`${at.url}${PLAYER_NAMESPACE}`, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      });
      const assignments: Envelope[] = [];
      const denyLists: DenyList[] = [];
      const heard: string[] = [];
      const waiting: ((envelope: Envelope) => void)[] = [];
      let taken = 0;
      socket.on('denials', (envelope, hold) => {
        const list = denyListSchema.parse(JSON.parse(envelope.text));
        denyLists.push(list);
        heard.push('denials');
        hold({ version: list.version });
      });
      socket.on('assignment', (envelope) => {
        heard.push('assignment');
        assignments.push(envelope);
        const next = waiting.shift();
        if (next !== undefined) {
          taken += 1;
          next(envelope);
        }
      });
      const { nonce } = await new Promise<{ nonce: string }>((resolve, reject) => {
        socket.once('challenge', resolve);
        socket.once('connect_error', reject);
      });
      const boot = randomBytes(16).toString('hex') as BootId;
      const hello = signed(SignedKind.hello, {
        format: SignedKind.hello,
        device,
        boot,
        nonce,
        center: center?.keyId ?? '',
        renderer: 'headless',
        version: 'test',
        osBoot: 'test',
        counter: held.counter ?? 0,
        plan: held.plan ?? null,
        denyListVersion: held.denyListVersion ?? 0,
      });
      const answer = await new Promise<HelloAnswer>((resolve) => {
        socket.emit('hello', hello, resolve);
      });
      return {
        socket,
        boot,
        answer,
        bearer: answer.ok ? `Bearer ${answer.token}` : '',
        assignments,
        denyLists,
        heard,
        async nextAssignment() {
          const ready = assignments[taken];
          if (ready !== undefined) taken += 1;
          const envelope = ready ?? (await new Promise<Envelope>((resolve) => void waiting.push(resolve)));
          return { envelope, assignment: assignmentSchema.parse(JSON.parse(envelope.text)) };
        },
        close: () => void socket.close(),
      };
    },
  };
}
