/** The worker process: lives, their steps, and what keeps them alive. Ends itself when it cannot work. */
import { NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { createActivities } from './activities';
import { fulfilmentWorks } from './activities/fulfilment/works';
import { smtpPost } from './activities/mail/post';
import { logSteps } from './activities/tickets/step-log';
import type { Witness } from './activities/tickets/witness';
import { readConfig, serviceConfig, type ServiceConfig } from './config';
import { openEngine, type Engine } from './engine/client';
import { createReadiness, databaseAnswers, engineAnswers, workerPolls } from './engine/health';
import { createKernel } from './engine/kernel';
import { createLives } from './engine/lives';
import { startLoop } from './engine/loop';
import { sweepMails } from './engine/mails';
import { sweepOutbox } from './engine/outbox';
import { patiently } from './engine/patience';
import { sweepSlaRuns } from './engine/sla-runs';
import { registerSearchAttributes } from './engine/search-attributes';
import { purgeOrganizations } from './engine/purge-organizations';
import { endStrays } from './engine/strays';
import { watch, watchAll, watchRound } from './engine/watchdog';
import { createWorker, runWorker } from './engine/worker';
import { createLog, type Logger } from './log';
import { listen } from './metrics/listener';
import { sdkPage, sdkTelemetry } from './metrics/sdk';
import { workerMeters, type WorkerMeters } from './metrics/worker';
import { openStore } from './models/attachments/open';
import type { AttachmentStore } from './models/attachments/store';
import { sweepFiles } from './models/attachments/sweep';
import { openDatabase, type Database } from './models/database';
import { purgeExpired } from './models/purge';
import { sealPurpose } from './models/connections/rows';
import { sealFor } from './models/seal';
import { refreshTexts } from './models/search/refresh';
import { waitingKeys } from './models/tickets/suspension';
import { anyFreePort } from './scripts/stack/ports';
import { processes } from './workflows/registry';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function main(): Promise<void> {
  const config = serviceConfig(readConfig());
  const log = createLog('worker', config.logLevel);
  const sdkPort = await anyFreePort();
  const telemetryOptions = sdkTelemetry(sdkPort);
  Runtime.install({ shutdownSignals: [], logger: engineLog(log), telemetryOptions });
  const database = await patiently(log, 'PostgreSQL', () =>
    openDatabase({
      url: config.database.url,
      poolMax: config.database.poolMax,
      applicationName: 'holdfast-worker',
      acquireTimeoutMs: 1_000,
      statementTimeoutMs: 1_500,
    }),
  );
  const engine = openEngine(config.temporal);
  await patiently(log, 'Temporal', () => registerSearchAttributes(engine));
  const store = await openStore(config.attachments);
  const place = { config, database, engine, store, log };
  const meters = workerMeters({ database, processes, sdkPage: () => sdkPage(sdkPort), log });
  const loops = startLoops(place, meters);
  // What a step owes to others need not wait for the next round.
  const worker = await workerOf(place, meters, () => {
    loops.outbox.wake();
  });
  const pages = meters.pages(readinessOf(place, worker));
  const operators = await listen(config.metrics, pages, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'draining');
      worker.shutdown();
    });
  }
  // Ends when it is told to, and when it can no longer poll: a process without a worker is no worker.
  await runWorker(worker);
  await Promise.all([loops.outbox, ...loops.others].map((loop) => loop.stop()));
  await operators.close();
  await engine.close();
  await database.close();
  log.info('ended');
}

interface Place {
  readonly config: ServiceConfig;
  readonly database: Database;
  readonly engine: Engine;
  readonly store: AttachmentStore;
  readonly log: Logger;
}

async function workerOf(
  { config, database, log }: Place,
  meters: WorkerMeters,
  wakeOutbox: () => void,
) {
  const { address, namespace, taskQueue } = config.temporal;
  const connection = await patiently(log, 'Temporal', () => NativeConnection.connect({ address }));
  const kernel = createKernel(processes, log, meters.ruleFailed);
  const write = logSteps(log);
  const witness: Witness = (seen) => {
    write(seen);
    meters.step(seen);
    if (seen.owesOthers) wakeOutbox();
  };
  const now = () => new Date();
  const { smtpUrl: url, from } = config.mail;
  const post = url === undefined ? undefined : smtpPost({ url, from });
  const works = fulfilmentWorks({
    database,
    now,
    network: config.connections,
    seal: sealFor(sealPurpose, config.auth.secret),
  });
  return createWorker({
    connection,
    namespace,
    taskQueue,
    activities: createActivities({ database, kernel, now, works, witness, log, post }),
    stepsAtOnce: config.database.poolMax,
  });
}

/** Ready = it runs, and the server has seen this very worker poll. */
function readinessOf({ database, engine }: Place, worker: Worker) {
  return createReadiness({
    database: databaseAnswers(database),
    temporal: engineAnswers(engine),
    worker: () => {
      const state = worker.getState();
      return Promise.resolve(state === 'RUNNING' ? undefined : `the worker is ${state}`);
    },
    poller: workerPolls(engine, worker.options.identity),
  });
}

function startLoops(
  { config, engine, database, store, log }: Place,
  { tally, ruleFailed }: WorkerMeters,
) {
  const kernel = createKernel(processes, log, ruleFailed);
  const lives = createLives({ engine, database, kernel });
  const waiting = waitingKeys(processes);
  const deps = { database, engine, kernel, lives, store, log, tally, waiting };
  const outbox = { name: 'outbox', pauseMs: 500 };
  const mails = { name: 'mails', pauseMs: 2_000 };
  const slaRuns = { name: 'SLA runs', pauseMs: 1_000 };
  const watchdog = { name: 'watchdog', pauseMs: 15_000 };
  const purge = { name: 'purge', pauseMs: 600_000, restsFirst: true };
  const texts = { name: 'search texts', pauseMs: 10_000 };
  const files = { name: 'files', pauseMs: hourMs, restsFirst: true };
  const strays = { name: 'strays', pauseMs: hourMs, restsFirst: true };
  const deleted = { name: 'deleted organizations', pauseMs: hourMs, restsFirst: true };
  const everyLife = { name: 'every life', pauseMs: dayMs, restsFirst: true };
  const others = [
    // Without an SMTP server they stay where they are.
    ...(config.mail.smtpUrl === undefined ? [] : [startLoop(log, mails, () => sweepMails(deps))]),
    startLoop(log, slaRuns, () => sweepSlaRuns(deps)),
    startLoop(log, watchdog, () => watchRound(() => watch(deps), process.uptime())),
    startLoop(log, purge, () => purgeExpired(database)),
    startLoop(log, texts, () => refreshTexts(database)),
    startLoop(log, files, () => sweepFiles(deps)),
    startLoop(log, strays, async () => {
      await endStrays(deps);
      return false;
    }),
    startLoop(log, deleted, async () => {
      await purgeOrganizations(deps);
      return false;
    }),
    startLoop(log, everyLife, async () => {
      await watchAll(deps);
      return false;
    }),
  ];
  return { outbox: startLoop(log, outbox, async () => (await sweepOutbox(deps)) > 0), others };
}

function engineLog(log: Logger) {
  const write =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) => {
      log[level](readable(meta), message);
    };
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('debug'),
    warn: write('warn'),
    error: write('error'),
    log: (level: string, message: string, meta?: object) => {
      log.info({ ...meta, level }, message);
    },
  };
}

/** The SDK says `error`, of which the log would show nothing. */
function readable(meta: object = {}): object {
  return 'error' in meta ? { ...meta, err: meta.error, error: undefined } : meta;
}

main().catch((error: unknown) => {
  createLog('worker', 'fatal').fatal({ err: error }, 'the worker cannot run');
  process.exit(1);
});
