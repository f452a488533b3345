/**
 * A worker, and an API beside it, in a process of their own that dies by SIGKILL in a step, after its
 * commit and before anybody hears of it. Started by `startDoomedWorker`; its only argument is what it has
 * to know, as JSON.
 */
import { createServer } from 'node:http';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../../activities';
import { composeApp } from '../../api/compose';
import { openEngine } from '../../engine/client';
import { createKernel } from '../../engine/kernel';
import { createWorker } from '../../engine/worker';
import { openDatabase, type Database } from '../../models/database';
import { processes as products } from '../../workflows/registry';
import type { LifeActivities } from '../../workflows/life/wire';
import { errandProcess } from '../errands/process';
import { diaryWorks } from './diary';
import { Doom } from './doom';

const processes = [...products, errandProcess];
const log = pino({ level: 'silent' });
const namespace = 'default';

async function main(argument: string): Promise<void> {
  const doom = Doom.parse(JSON.parse(argument));
  const { databaseUrl, temporalAddress, taskQueue, bundlePath, diesAfter, diary } = doom;
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const database = await openDatabase({
    url: databaseUrl,
    poolMax: 5,
    applicationName: 'doomed',
    statementTimeoutMs: 1_500,
  });
  const kernel = createKernel(processes, log);
  const works = {
    fetch: () => Promise.resolve('fetched'),
    ...(diary === undefined ? {} : diaryWorks(diary)),
  };
  const worker = await createWorker({
    connection: await NativeConnection.connect({ address: temporalAddress }),
    ...{ namespace, taskQueue, stepsAtOnce: 5 },
    activities: dying(
      createActivities({ database, kernel, now: () => new Date(), works, log }),
      diesAfter,
    ),
    workflowBundle: { codePath: bundlePath },
  });
  // Whoever started it is gone, so nobody would end it.
  process.stdin.on('end', () => process.exit(1)).resume();
  process.stdout.write(`${await listen(database, doom)}\n`);
  await worker.run();
}

/** Address of an API on the same rows and the same engine. */
function listen(database: Database, doom: Doom): Promise<string> {
  const { temporalAddress: address, taskQueue, secret } = doom;
  const engine = openEngine({ address, namespace, taskQueue });
  const server = createServer(composeApp({ database, engine, processes, secret, log }));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      if (typeof bound === 'object' && bound) resolve(`http://127.0.0.1:${bound.port}`);
    });
  });
}

function dying(activities: LifeActivities, diesAfter: string): LifeActivities {
  return {
    ...activities,
    step: async (request) => {
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
