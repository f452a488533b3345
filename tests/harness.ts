/** A world of its own for a test file: database, organization, application, worker, all real. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  type Worker,
} from '@temporalio/worker';
import { Client } from 'pg';
import { pino, type Logger } from 'pino';
import supertest from 'supertest';
import { createActivities } from '../activities';
import { fulfilmentWorks } from '../activities/fulfilment/works';
import { smtpPost } from '../activities/mail/post';
import type { WorkActivities } from '../activities/tickets/work';
import { composeApp } from '../api/compose';
import { createMailDesk } from '../api/mail/desk';
import { openEngine } from '../engine/client';
import { createKernel } from '../engine/kernel';
import { createLives } from '../engine/lives';
import { startLoop } from '../engine/loop';
import { sweepMails } from '../engine/mails';
import { sweepOutbox } from '../engine/outbox';
import { sweepSlaRuns } from '../engine/sla-runs';
import { registerSearchAttributes } from '../engine/search-attributes';
import { createWorker } from '../engine/worker';
import { folderStore } from '../models/attachments/folder-store';
import type { AttachmentStore } from '../models/attachments/store';
import { sealPurpose } from '../models/connections/rows';
import { openDatabase } from '../models/database';
import { foundOrganization } from '../models/organizations/found';
import type { Settings } from '../models/organizations/settings';
import { sealFor } from '../models/seal';
import type { Process } from '../models/tickets/rules';
import type { LifeActivities } from '../workflows/life/wire';
import { processes as products } from '../workflows/registry';
import { blueprint } from './setup/blueprint';
import { callersOf } from './setup/callers';
import { templateDatabase, testStack, type TestStack } from './setup/stack';

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  shutdownSignals: [],
});

export { password } from './setup/callers';
export const mailFrom = 'Service desk <desk@holdfast.example>';
export const secret = 'a secret of at least thirty-two characters';

export interface WorldOptions {
  readonly processes?: readonly Process[];
  readonly works?: WorkActivities;
  readonly settings?: Partial<Settings>;
  /** False: tests that start their own. */
  readonly worker?: boolean;
  /** True: what lives owe to others is carried, as in a worker process. */
  readonly carries?: boolean;
  /** Hosts inside that connections may lead to; default: none. */
  readonly connectionHosts?: readonly string[];
  /** Absent: mail is kept. */
  readonly smtpUrl?: string;
  /** host:port of an engine that the test starts and ends by itself; nothing is asked of it yet. */
  readonly temporalAddress?: string;
  /** Wraps the store of files, to watch it or make it fail. */
  readonly aroundStore?: (store: AttachmentStore) => AttachmentStore;
  /** A PostgreSQL server of the test's own. */
  readonly postgres?: Pick<TestStack, 'adminUrl' | 'appPassword'>;
  /** Wraps the activities, to make them slow or fail. */
  readonly around?: (activities: LifeActivities) => LifeActivities;
}

/** What a deploy changes. */
export interface Release {
  readonly processes?: readonly Process[];
  /** A workflow bundle with other code of lives (setup/edited-lives.ts). */
  readonly bundlePath?: string;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Opens a world; `close` it in afterAll. */
export async function openWorld(options: WorldOptions = {}) {
  const stack = { ...testStack(), ...options.postgres };
  const slug = `acme-${randomUUID().slice(0, 8)}`;
  const processes = options.processes ?? products;
  const log = pino({ level: 'fatal' });
  const databaseName = `world_${randomUUID().replaceAll('-', '')}`;
  await ask(stack.adminUrl, `create database ${databaseName} template ${templateDatabase}`);
  const databaseUrl = urlOf(stack.adminUrl, databaseName, 'holdfast_app', stack.appPassword);
  const namespace = 'default';
  const taskQueue = `test-${randomUUID()}`;
  const temporalAddress = options.temporalAddress ?? stack.temporalAddress;
  const { smtpUrl } = options;
  const { connectionHosts } = options;
  const fileFolder = await mkdtemp(join(tmpdir(), 'holdfast-files-'));
  const inFolder = folderStore(fileFolder);
  const store = options.aroundStore?.(inFolder) ?? inFolder;
  const place = {
    ...{ databaseUrl, temporalAddress, namespace, taskQueue, smtpUrl, connectionHosts, store },
  };
  const front = await openFront(place, processes, log);
  const { database, engine, kernel, lives, app, desk } = front;
  const organizationId = await foundOrganization(database, await blueprint(slug, options.settings));
  if (options.temporalAddress === undefined) await registerSearchAttributes(engine);
  const server = supertest(app);
  const worker = workerHolder();
  const carrier =
    options.carries === true
      ? startLoop(log, { name: 'outbox', pauseMs: 200 }, async () => (await sweepOutbox(front)) > 0)
      : undefined;
  const runs =
    options.carries === true
      ? startLoop(log, { name: 'SLA runs', pauseMs: 200 }, () => sweepSlaRuns(front))
      : undefined;

  /** Of this release, unless another one is named. */
  async function startWorker(release: Release = {}): Promise<void> {
    const automatic = fulfilmentWorks({
      database,
      now: () => new Date(),
      network: { hosts: connectionHosts ?? [], timeoutMs: 2_000 },
      seal: sealFor(sealPurpose, secret),
    });
    const activities = createActivities({
      database,
      kernel: release.processes ? createKernel(release.processes, log) : kernel,
      now: () => new Date(),
      works: { ...automatic, ...options.works },
      witness: ({ owesOthers }) => {
        if (owesOthers) carrier?.wake();
      },
      log,
      post:
        smtpUrl === undefined
          ? undefined
          : smtpPost({ url: smtpUrl, from: mailFrom, attemptMs: 2_000 }),
    });
    await registerSearchAttributes(engine);
    const connection = await NativeConnection.connect({ address: temporalAddress });
    await worker.hold(
      await createWorker({
        ...{ connection, namespace, taskQueue, stepsAtOnce: 10 },
        activities: options.around?.(activities) ?? activities,
        workflowBundle: { codePath: release.bundlePath ?? stack.bundlePath ?? '' },
      }),
      connection,
    );
  }

  if (options.worker !== false) await startWorker();
  return {
    ...{
      stack,
      slug,
      database,
      databaseUrl,
      store,
      fileFolder,
      operatorUrl: urlOf(stack.adminUrl, databaseName, 'holdfast_operator', stack.operatorPassword),
      organizationId,
      engine,
      kernel,
      lives,
      app,
      desk,
      log,
      taskQueue,
      temporalAddress,
    },
    startWorker,
    stopWorker: () => worker.release(),
    ...callersOf(server, slug),
    /** A second organization in the same database, with people and things of the same names. */
    neighbour: async () => {
      const other = `globex-${randomUUID().slice(0, 8)}`;
      const founded = await foundOrganization(database, await blueprint(other));
      return { slug: other, organizationId: founded, ...callersOf(server, other) };
    },
    /** One more API process on the same rows, by default on the same engine; `close` it. */
    anotherFront: async (other: Pick<Release, 'processes'> & { temporalAddress?: string } = {}) => {
      const { processes: changed = processes, ...elsewhere } = other;
      const front = await openFront({ ...place, ...elsewhere }, changed, log);
      return { ...front, ...callersOf(supertest(front.app), slug) };
    },
    /** Callers of an API process that listens at `url`. */
    callersAt: (url: string) => callersOf(supertest(url), slug),
    /** Past all walls, to look at rows. */
    rows: (sql: string, bind: unknown[] = []) =>
      ask(urlOf(stack.adminUrl, databaseName), sql, bind),
    workflowId: (number: string, type = 'incident') => `${slug}/${type}/${number}`,
    close: async () => {
      await worker.release();
      await Promise.all([carrier?.stop(), runs?.stop()]);
      await front.close();
      await rm(fileFolder, { recursive: true });
      await ask(stack.adminUrl, `drop database ${databaseName} with (force)`);
    },
  };
}

interface Place {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly smtpUrl?: string | undefined;
  readonly connectionHosts?: readonly string[] | undefined;
  readonly store: AttachmentStore;
}

/** What an API process is made of; the engine may be away. */
async function openFront(place: Place, processes: readonly Process[], log: Logger) {
  const { databaseUrl, temporalAddress, namespace, taskQueue } = place;
  const database = await openDatabase({
    url: databaseUrl,
    poolMax: 10,
    applicationName: 'test',
    statementTimeoutMs: 5_000,
  });
  const engine = openEngine({ address: temporalAddress, namespace, taskQueue });
  const kernel = createKernel(processes, log);
  const lives = createLives({ engine, database, kernel });
  const options = { verifyReplies: true };
  const sweep =
    place.smtpUrl === undefined ? undefined : () => sweepMails({ database, engine, log });
  const desk = createMailDesk({ publicUrl: 'https://desk.example', log, sweep });
  const connections = { hosts: place.connectionHosts ?? [] };
  const files = { store: place.store, mostBytes: 25 * 2 ** 20 };
  const parts = { database, engine, processes, secret, log, options, desk, connections, files };
  const app = composeApp(parts);
  const close = async () => {
    await desk.settled();
    await engine.close();
    await database.close();
  };
  return { database, engine, kernel, lives, app, desk, log, close };
}

function workerHolder() {
  let held: { worker: Worker; running: Promise<void>; connection: NativeConnection } | undefined;
  return {
    hold: async (worker: Worker, connection: NativeConnection) => {
      held = { worker, running: worker.run(), connection };
      await Promise.resolve();
    },
    release: async () => {
      if (!held) return;
      const { worker, running, connection } = held;
      held = undefined;
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/** One statement on a connection of its own. */
async function ask(url: string, sql: string, bind: unknown[] = []) {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, bind)).rows;
  } finally {
    await client.end();
  }
}

function urlOf(adminUrl: string, database: string, user?: string, secretWord?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  if (secretWord !== undefined) url.password = encodeURIComponent(secretWord);
  return url.toString();
}

/** Waits until `look` gives something; throws with what it was waiting for. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(50);
  }
  throw new Error(`Not within ${withinMs} ms: ${what}`);
}
