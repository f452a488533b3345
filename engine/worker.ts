/** How a worker of Holdfast polls; the same in production and in tests. */
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
    maxCachedWorkflows: 600,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: stepsAtOnce,
    maxConcurrentActivityTaskExecutions: stepsAtOnce,
    shutdownGraceTime: '5s',
    shutdownForceTime: '8s',
  });
}
