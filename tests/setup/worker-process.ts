/**
 * A worker in a process of its own that dies by SIGKILL in a step, after its commit and before anybody
 * hears of it. Started by `startDoomedWorker`; its only argument is what it has to know, as JSON.
 */
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../../activities';
import { createKernel } from '../../engine/kernel';
import { createWorker } from '../../engine/worker';
import { openDatabase } from '../../models/database';
import { processes } from '../../workflows/registry';
import type { LifeActivities } from '../../workflows/life/wire';
import { errandProcess } from '../errands/process';
import { Doom } from './doomed-worker';

async function main(argument: string): Promise<void> {
  const { databaseUrl, temporalAddress, taskQueue, bundlePath, diesAfter } = Doom.parse(
    JSON.parse(argument),
  );
  Runtime.install({ logger: new DefaultLogger('DEBUG'), shutdownSignals: [] });
  const database = await openDatabase({
    url: databaseUrl,
    poolMax: 5,
    applicationName: 'doomed',
    statementTimeoutMs: 1_500,
  });
  const kernel = createKernel([...processes, errandProcess], pino({ level: 'silent' }));
  const works = { fetch: () => Promise.resolve('fetched') };
  const worker = await createWorker({
    connection: await NativeConnection.connect({ address: temporalAddress }),
    namespace: 'default',
    taskQueue,
    stepsAtOnce: 5,
    activities: dying(
      createActivities({ database, kernel, now: () => new Date(), works }),
      diesAfter,
    ),
    workflowBundle: { codePath: bundlePath },
  });
  // Whoever started it is gone, so nobody would end it.
  process.stdin.on('end', () => process.exit(1)).resume();
  process.stdout.write('ready\n');
  process.stderr.write(`${new Date().toISOString()} ready\n`);
  await worker.run();
}

function dying(activities: LifeActivities, diesAfter: string): LifeActivities {
  return {
    ...activities,
    step: async (request) => {
      process.stderr.write(`${new Date().toISOString()} step ${request.fact.name}\n`);
      const answer = await activities.step(request);
      if (request.fact.name === diesAfter) process.kill(process.pid, 'SIGKILL');
      return answer;
    },
  };
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
