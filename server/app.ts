import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppError } from '../shared/core/errors.ts';
import type { Clock, Random } from '../shared/core/ports.ts';
import { denyListRegionOf } from '../shared/schedule/denial.schema.ts';
import { assessmentRoutes } from './features/assessment/assessment.routes.ts';
import { AssessmentService, defaultWindows } from './features/assessment/assessment.service.ts';
import { obligationRoutes } from './features/assessment/obligation.routes.ts';
import { assetRoutes } from './features/asset/asset.routes.ts';
import type { AssetService } from './features/asset/asset.service.ts';
import { makeAssetService } from './features/asset/asset.service.ts';
import { auditRoutes } from './features/audit/audit.routes.ts';
import { AuditService } from './features/audit/audit.service.ts';
import { accountRoutes } from './features/identity/account.routes.ts';
import { identityRoutes } from './features/identity/identity.routes.ts';
import type { GeneratedLogin } from './features/identity/identity.service.ts';
import { IdentityService } from './features/identity/identity.service.ts';
import { organisationRoutes } from './features/identity/organisation.routes.ts';
import { explainRoutes } from './features/plan/explain.routes.ts';
import { ExplainService } from './features/plan/explain.service.ts';
import { feasibilityRoutes } from './features/plan/feasibility.routes.ts';
import { FeasibilityService } from './features/plan/feasibility.service.ts';
import { DayViewService } from './features/plan/day-view.service.ts';
import { startPlanJobs } from './features/plan/plan.jobs.ts';
import { planRoutes } from './features/plan/plan.routes.ts';
import { PlanService } from './features/plan/plan.service.ts';
import { publicationRoutes } from './features/plan/publication.routes.ts';
import { PublicationService } from './features/plan/publication.service.ts';
import { timelineRoutes } from './features/plan/timeline.routes.ts';
import { TimelineService } from './features/plan/timeline.service.ts';
import { WhyService } from './features/plan/why.service.ts';
import { playlistRoutes } from './features/playlist/playlist.routes.ts';
import type { PlaylistService } from './features/playlist/playlist.service.ts';
import { makePlaylistService } from './features/playlist/playlist.service.ts';
import { regionRoutes } from './features/region/region.routes.ts';
import { RegionService } from './features/region/region.service.ts';
import { reachIn } from './features/schedule/denial-reach.ts';
import { denialRoutes } from './features/schedule/denial.routes.ts';
import { DenialService } from './features/schedule/denial.service.ts';
import { contentRoutes } from './features/schedule/content.routes.ts';
import { draftRoutes } from './features/schedule/draft.routes.ts';
import { policyRoutes } from './features/schedule/policy.routes.ts';
import { scheduleRoutes } from './features/schedule/schedule.routes.ts';
import type { ScheduleService } from './features/schedule/schedule.service.ts';
import { makeScheduleService } from './features/schedule/schedule.service.ts';
import { suspensionRoutes } from './features/schedule/suspension.routes.ts';
import { enrolmentRoutes } from './features/screen/enrolment.routes.ts';
import { EnrolmentService } from './features/screen/enrolment.service.ts';
import { screenRoutes } from './features/screen/screen.routes.ts';
import { ScreenService } from './features/screen/screen.service.ts';
import { telemetryRoutes } from './features/telemetry/telemetry.routes.ts';
import { TelemetryService } from './features/telemetry/telemetry.service.ts';
import { openAuditAnchor } from './infra/audit-anchor.ts';
import type { CenterConfig } from './infra/config.ts';
import { isSecure } from './infra/config.ts';
import { demandWritable, openDatabase } from './infra/database/database.ts';
import { assessmentStore } from './infra/database/stores/assessment.store.ts';
import { assetStore } from './infra/database/stores/asset.store.ts';
import { auditStore } from './infra/database/stores/audit.store.ts';
import { denialStore } from './infra/database/stores/denial.store.ts';
import { draftStore } from './infra/database/stores/draft.store.ts';
import { identityStore } from './infra/database/stores/identity.store.ts';
import { organisationStore } from './infra/database/stores/organisation.store.ts';
import { planStore } from './infra/database/stores/plan.store.ts';
import { playlistStore } from './infra/database/stores/playlist.store.ts';
import { publicationStore } from './infra/database/stores/publication.store.ts';
import { regionStore } from './infra/database/stores/region.store.ts';
import { scheduleStore } from './infra/database/stores/schedule.store.ts';
import { screenStore } from './infra/database/stores/screen.store.ts';
import { suspensionStore } from './infra/database/stores/suspension.store.ts';
import { contactStore, journalStore } from './infra/database/stores/telemetry.store.ts';
import { openDeviceTokens } from './infra/device-tokens.ts';
import { SESSION_COOKIE } from './infra/http/access.ts';
import { serveHealth } from './infra/http/health.ts';
import { describeApi } from './infra/http/openapi.ts';
import { createHttp } from './infra/http/server.ts';
import { serveConsole } from './infra/http/static.ts';
import { lockFolder } from './infra/instance-lock.ts';
import { argon2id, sha256Token } from './infra/password.ts';
import { ConsoleGateway } from './infra/realtime/console-gateway.ts';
import { PlayerGateway, refusalOf } from './infra/realtime/player-gateway.ts';
import { attachSockets, detachSockets } from './infra/realtime/socket-server.ts';
import { henan } from './infra/region-data.ts';
import { openSecretBox } from './infra/secret-box.ts';
import { deviceIdOf, openSigner, verifyEnvelope } from './infra/signer.ts';
import { openAssetFolder } from './infra/storage/asset-folder.ts';
import { oneTimeCodes } from './infra/totp.ts';

export interface CenterOptions {
  readonly config: CenterConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Shows the first administrator's password; called once, before the account is made. */
  readonly onFirstLogin?: (login: GeneratedLogin) => void;
}

/** Every feature's service. */
export interface Services {
  readonly audit: AuditService;
  readonly identity: IdentityService;
  readonly region: RegionService;
  readonly screen: ScreenService;
  readonly enrolment: EnrolmentService;
  readonly assets: AssetService;
  readonly playlists: PlaylistService;
  readonly schedules: ScheduleService;
  readonly denials: DenialService;
  readonly plans: PlanService;
  readonly publications: PublicationService;
  readonly timelines: TimelineService;
  readonly telemetry: TelemetryService;
  readonly assessment: AssessmentService;
}

export interface Center {
  /** Its `declaredRoutes` say what each route demands. */
  readonly http: FastifyInstance;
  readonly services: Services;
  /** The first administrator and the password made for it, on the very first start only. */
  readonly firstLogin: GeneratedLogin | null;
  /** @returns the address to reach it at. */
  listen(at: { readonly host: string; readonly port: number }): Promise<string>;
  stop(): Promise<void>;
}

const VERSION = '0.1.0';
/** Where Vite puts the console. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../dist/console/', import.meta.url));
/** Ceiling of a device's asset cache unless its screen says otherwise: 8 GiB. */
const CACHE_BYTES = 8 * 1024 ** 3;

/**
 * Builds the center on its data folder: the composition root, the only place that sees everything.
 * @throws AppError INSTANCE_RUNNING when another process holds the folder.
 */
export async function buildCenter(options: CenterOptions): Promise<Center> {
  const { config, clock, random, log } = options;
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  /** Undone in reverse, both on stop and when a later step of building fails. */
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  /** Where people and players reach the center. */
  let listening = `http://${config.host}:${config.port}`;
  const publicUrl = () => config.publicUrl ?? listening;
  try {
    const lock = lockFolder(config.dataFolder);
    undo.push(() => lock.release());
    const db = await openDatabase(config.dataFolder);
    undo.push(() => db.destroy());
    const signer = openSigner(config.dataFolder);
    undo.push(() => signer.stop());

    // audit
    const anchor = openAuditAnchor(config.dataFolder, signer);
    const audit = new AuditService({ store: auditStore(db), anchor, clock, log });
    await audit.start();
    undo.push(() => audit.stop());

    // region
    const region = new RegionService(regionStore(db));
    await region.start(henan.version(), henan.read);

    // identity
    const identity = new IdentityService({
      store: identityStore(db),
      organisations: organisationStore(db),
      region,
      hasher: argon2id,
      tokenHash: sha256Token,
      codes: oneTimeCodes(random),
      box: openSecretBox(config.dataFolder),
      clock,
      random,
      audit,
      idleMinutes: config.sessionIdleMinutes,
    });

    // screen
    const screens = screenStore(db);
    const screen = new ScreenService({
      store: screens,
      region,
      audit,
      clock,
      random,
      defaults: { volume: 60, tickS: config.tickS, closeS: config.closeS, cacheBytes: CACHE_BYTES },
      demo: config.demo,
    });
    const enrolment = new EnrolmentService({
      store: screens,
      keys: { verify: verifyEnvelope, deviceIdOf },
      tokens: openDeviceTokens(config.dataFolder),
      center: signer.publicKey,
      clock,
      random,
      claimUrl: (code) => `${publicUrl()}/claim?code=${code}`,
    });

    // asset, playlist, schedule
    const assets = makeAssetService({
      store: assetStore(db),
      files: await openAssetFolder(join(config.dataFolder, 'assets')),
      audit,
      clock,
      limitBytes: config.assetMaxBytes,
    });
    const schedules: ScheduleService = makeScheduleService({
      store: scheduleStore(db),
      drafts: draftStore(db),
      suspensions: suspensionStore(db),
      assets,
      region,
      audit,
      gate: { errorsOf: (draft) => feasibility.errorsOf(draft) },
      denials: { affecting: (...asked) => denials.affecting(...asked) },
      places: async () => (await screen.all()).filter((one) => one.device !== null && one.retiredOn === null),
      clock,
      random,
    });
    const playlists = makePlaylistService({ store: playlistStore(db), assets, schedules, clock });

    // telemetry
    const telemetry = new TelemetryService({
      journal: journalStore(db),
      contact: contactStore(db),
      screens: screen,
      regionNames: (code) => region.names(code),
      verify: verifyEnvelope,
      clock,
      random,
      log,
    });

    await telemetry.start();
    undo.push(() => telemetry.stop());

    // denial
    let players: PlayerGateway | null = null;
    const denials: DenialService = new DenialService({
      store: denialStore(db),
      reachOf: reachIn(() => schedules.world()),
      region,
      screen,
      audit,
      signer,
      link: {
        isConnected: (device) => players?.isConnected(device) ?? false,
        deny: async (device, envelope) => players?.deny(device, envelope) ?? null,
      },
      clock,
      random,
      log,
    });
    await denials.start();
    undo.push(() => denials.stop());

    // assessment
    const assessment = new AssessmentService({
      store: assessmentStore(db),
      plans: { plan: (digest) => plans.plan(digest) },
      denials,
      region,
      screen,
      telemetry,
      audit,
      clock,
      random,
      log,
      defaultWindows: defaultWindows(config.demo),
    });
    await assessment.start();
    undo.push(() => assessment.stop());

    // plan
    const planned = planStore(db);
    const published = publicationStore(db);
    const publications = new PublicationService({ store: published, region, log });
    undo.push(() => publications.stop());
    const plans: PlanService = new PlanService({
      store: planned,
      published,
      publications,
      world: () => schedules.world(),
      denyLists: denials,
      screen,
      region,
      hours: assessment,
      signer,
      link: {
        send: (device, envelope) => players?.send(device, 'assignment', envelope) ?? false,
        screens: () => players?.screens ?? new Set(),
      },
      clock,
      log,
    });
    undo.push(() => plans.stop());
    const timelines = new TimelineService({ plans, store: planned, region, schedules, denials, clock });
    const dayViews = new DayViewService({ timelines, region });
    const explain = new ExplainService({ timelines, plans, schedules, assessment, region, clock });
    const why = new WhyService({ timelines, schedules, region });
    const feasibility: FeasibilityService = new FeasibilityService({
      schedules,
      screen,
      assets,
      region,
      clock,
    });

    // http
    const http = await createHttp({
      config,
      log,
      random,
      authenticators: {
        actorOf: (token) => identity.actorOf(token),
        deviceOf: (token) => enrolment.deviceOf(token),
      },
    });
    undo.push(() => http.close());
    await describeApi(http, VERSION);
    await http.register(
      async (api) => {
        await api.register(auditRoutes({ audit }));
        await api.register(
          identityRoutes({
            identity,
            cookie: { name: SESSION_COOKIE, secure: isSecure(config) },
            demo: config.demo,
            idleMinutes: config.sessionIdleMinutes,
            secondFactorDemanded: config.secondFactor === 'required',
          }),
        );
        await api.register(accountRoutes({ identity }));
        await api.register(organisationRoutes({ identity }));
        await api.register(regionRoutes({ region, screen }));
        await api.register(screenRoutes({ screen, region }));
        await api.register(enrolmentRoutes({ enrolment }));
        await api.register(assetRoutes({ assets, reach: plans.shelf }));
        await api.register(playlistRoutes({ playlists, audit }));
        await api.register(scheduleRoutes({ schedules, audit }));
        await api.register(draftRoutes({ schedules }));
        await api.register(contentRoutes({ schedules }));
        await api.register(suspensionRoutes({ schedules }));
        await api.register(policyRoutes({ schedules }));
        await api.register(denialRoutes({ denials }));
        await api.register(telemetryRoutes({ telemetry }));
        await api.register(assessmentRoutes({ assessment, screen, audit }));
        await api.register(obligationRoutes({ assessment }));
        await api.register(publicationRoutes({ publications }));
        await api.register(planRoutes({ plans }));
        await api.register(timelineRoutes({ timelines, dayViews, screen, schedules }));
        await api.register(feasibilityRoutes({ feasibility, schedules }));
        await api.register(explainRoutes({ explain, why, screen, schedules }));
      },
      { prefix: '/api' },
    );
    serveHealth(http, [
      { name: 'database', run: () => demandWritable(db) },
      { name: 'regions', run: async () => region.demandLoaded() },
    ]);
    await serveConsole(http, CONSOLE_FOLDER);

    // sockets
    const io = attachSockets(http.server, config);
    undo.push(() => detachSockets(io));
    const consoles = new ConsoleGateway({
      io,
      log,
      actorOf: async (header) => {
        const token = http.parseCookie(header)[SESSION_COOKIE];
        return token === undefined ? null : identity.peek(token);
      },
      regionOf: async (id) => telemetry.regionOf(id) ?? (await screen.get(id))?.region ?? null,
    });
    players = new PlayerGateway({
      io,
      clock,
      random,
      log,
      handlers: {
        verifyHello: (envelope, nonce) => enrolment.verifyHello(envelope, nonce),
        connected: async (session) => {
          // What must not be shown is said before what is to be shown.
          await denials.greet(session);
          await plans.greet(session);
        },
        disconnected: ({ device }) => denials.gone(device),
        cloned: async ({ device, screen, boot }) => {
          log.error({ device, screen, boot }, 'one device key is used by two boxes');
          await audit.append({
            actor: null,
            action: 'device.cloned',
            subject: device,
            detail: { screen, boot },
          });
        },
        beat: (session, beat) => telemetry.beat(session, beat),
        journal: ({ device }, envelope) => telemetry.ingest(device, envelope),
        planState: async (session, report) => ({ ok: await plans.report(session, report) }),
      },
    });
    undo.push(telemetry.onLive((live) => consoles.changed(live)));
    undo.push(publications.onChange((one) => consoles.push('publication', [one.region], one)));
    undo.push(denials.onNews(({ denial, region: at }) => consoles.push('denial', [at], denial)));
    // Who was logged out, or may see less, is told at once and not at the next look.
    undo.push(identity.onChange(() => void consoles.recheck()));
    consoles.start();
    players.start();
    undo.push(() => {
      players?.stop();
      consoles.stop();
    });
    undo.push(
      screen.onChange(({ kind, screen: changed, device }) => {
        if (kind === 'unbound' && device !== null)
          players?.dismiss(device, refusalOf(new AppError('DEVICE_UNCLAIMED')));
        plans
          .screenChanged(changed)
          .catch((err: unknown) => log.error({ err, screen: changed }, 'a screen got no new assignment'));
      }),
    );
    schedules.onPublished((what) => plans.published(what));
    // Assignments name the list that their device must hold.
    undo.push(denials.onChange((denied) => plans.published({ regions: [denyListRegionOf(denied)] })));
    undo.push(startPlanJobs(plans));
    plans.trigger('start');

    // Last, because the password is shown once: whatever can fail has not failed.
    const firstLogin = await identity.start(options.onFirstLogin);
    return {
      http,
      services: {
        audit,
        identity,
        region,
        screen,
        enrolment,
        assets,
        playlists,
        schedules,
        denials,
        plans,
        publications,
        timelines,
        telemetry,
        assessment,
      },
      firstLogin,
      listen: async ({ host, port }) => {
        listening = await http.listen({ host, port });
        return publicUrl();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
