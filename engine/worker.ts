/** How a worker of Holdfast polls; the same in production and in tests. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  Worker,
  type ActivityInterceptorsFactory,
  type NativeConnection,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { LifeActivities } from '../workflows/life/wire';

export interface WorkerWish {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly activities: LifeActivities;
  /** Steps at once; each holds a connection of the pool. */
  readonly stepsAtOnce: number;
  /** A bundle that was built before; absent: built from the sources at start. */
  readonly workflowBundle?: WorkflowBundleOption;
}

/** Which life asks: handed to each activity beside its request, for the log. */
const namingTheLife: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) =>
      next({ ...input, args: [...input.args, info.workflowExecution?.workflowId] }),
  },
});

/** Part of the bundle, too: whoever builds one names it. */
export const payloadConverterPath = require.resolve('../workflows/life/payloads');

export function createWorker(wish: WorkerWish): Promise<Worker> {
  const { connection, namespace, taskQueue, activities, stepsAtOnce, workflowBundle } = wish;
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    ...(workflowBundle
      ? { workflowBundle }
      : { workflowsPath: require.resolve('../workflows/index') }),
    dataConverter: { payloadConverterPath },
    interceptors: { activity: [namingTheLife] },
    // A crashed worker's cache must not hold up its tickets longer than the API waits.
    stickyQueueScheduleToStartTimeout: '2s',
    // Lives kept ready: the SDK's default, 600 for each GiB of heap. One takes about 0.2 MB; one that is
    // not kept is read and replayed, so a thousand timers at one instant took twice as long with 600.
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: stepsAtOnce,
    maxConcurrentActivityTaskExecutions: stepsAtOnce,
    shutdownGraceTime: '5s',
    shutdownForceTime: '8s',
  });
}

const lookMs = 1_000;

/**
 * Runs until it is told to stop; throws when it can no longer poll. The SDK tells of that only once the
 * worker has shut down in order, which one whose polls are refused never does: it would be a process
 * that works no more and does not end.
 */
export async function runWorker(worker: Pick<Worker, 'run' | 'getState'>): Promise<void> {
  const over = new AbortController();
  const run = worker.run().finally(() => {
    over.abort();
  });
  await Promise.race([run, failureOf(worker, over.signal)]);
}

async function failureOf(worker: Pick<Worker, 'getState'>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    if (worker.getState() === 'FAILED') throw new Error('The worker can no longer poll.');
    await pause(lookMs, undefined, { ref: false });
  }
}
