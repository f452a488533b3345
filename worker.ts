/** The worker process: lives, their steps, and what keeps them alive. Ends itself when it cannot work. */
import { NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities } from './activities';
import { readConfig, serviceConfig, type ServiceConfig } from './config';
import { openEngine, type Engine } from './engine/client';
import { createKernel } from './engine/kernel';
import { createLives } from './engine/lives';
import { startLoop } from './engine/loop';
import { sweepOutbox } from './engine/outbox';
import { patiently } from './engine/patience';
import { registerSearchAttributes } from './engine/search-attributes';
import { watch, watchAll } from './engine/watchdog';
import { createWorker } from './engine/worker';
import { createLog, type Logger } from './log';
import { openDatabase, type Database } from './models/database';
import { processes } from './workflows/registry';

const dayMs = 86_400_000;

async function main(): Promise<void> {
  const config = serviceConfig(readConfig());
  const log = createLog('worker', config.logLevel);
  Runtime.install({ shutdownSignals: [], logger: engineLog(log) });
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
  const worker = await workerOf(config, database, log);
  const loops = startLoops(engine, database, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'draining');
      worker.shutdown();
    });
  }
  // Ends when it is told to, and when it can no longer poll: a process without a worker is no worker.
  await worker.run();
  await Promise.all(loops.map((loop) => loop.stop()));
  await engine.close();
  await database.close();
  log.info('ended');
}

async function workerOf(config: ServiceConfig, database: Database, log: Logger) {
  const { address, namespace, taskQueue } = config.temporal;
  const connection = await patiently(log, 'Temporal', () => NativeConnection.connect({ address }));
  const kernel = createKernel(processes, log);
  return createWorker({
    connection,
    namespace,
    taskQueue,
    activities: createActivities({
      ...{ database, kernel, now: () => new Date(), works: {} },
      found: ({ ticketId, fact: { name } }, cause) => {
        log.info({ ticketId, fact: name, cause }, 'a cause was found already done');
      },
    }),
    stepsAtOnce: config.database.poolMax,
  });
}

function startLoops(engine: Engine, database: Database, log: Logger) {
  const kernel = createKernel(processes, log);
  const lives = createLives({ engine, database, kernel });
  const deps = { database, lives, log };
  const outbox = { name: 'outbox', pauseMs: 500 };
  const watchdog = { name: 'watchdog', pauseMs: 15_000 };
  const everyLife = { name: 'every life', pauseMs: dayMs, restsFirst: true };
  return [
    startLoop(log, outbox, async () => (await sweepOutbox(deps)) > 0),
    startLoop(log, watchdog, async () => (await watch(deps)) > 99),
    startLoop(log, everyLife, async () => {
      await watchAll(deps);
      return false;
    }),
  ];
}

function engineLog(log: Logger) {
  const write =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) => {
      log[level](meta ?? {}, message);
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

main().catch((error: unknown) => {
  createLog('worker', 'fatal').fatal({ err: error }, 'the worker cannot run');
  process.exit(1);
});
