/** Whether a process can do its work: each part asked anew, and since when it is as it is. */
import { temporal } from '@temporalio/proto';
import type { Database } from '../models/database';
import { toInstant, type Instant } from '../models/instant';
import { within, type Engine } from './client';

export interface Part {
  readonly ok: boolean;
  /** When this process first found it so. */
  readonly since: Instant;
  /** What is wrong; may name hosts. */
  readonly detail?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, Part>>;
}

/** What is wrong with a part, or undefined. An error is an answer, too. */
export type Ask = () => Promise<string | undefined>;

const askMs = 1_500;
/** A poller that has not been seen for this long is gone. */
const pollerMs = 90_000;

/** Ready = every part is well. Only since when is remembered. */
export function createReadiness(
  asks: Readonly<Record<string, Ask>>,
  now: () => Date = () => new Date(),
): () => Promise<Readiness> {
  const last = new Map<string, Part>();
  async function look(name: string, ask: Ask): Promise<[string, Part]> {
    const wrong = await ask().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    const before = last.get(name);
    const ok = wrong === undefined;
    const since = before?.ok === ok ? before.since : toInstant(now());
    const part = { ok, since, ...(ok ? {} : { detail: wrong }) };
    last.set(name, part);
    return [name, part];
  }
  return async () => {
    const found = await Promise.all(Object.entries(asks).map(([name, ask]) => look(name, ask)));
    return { ready: found.every(([, { ok }]) => ok), parts: Object.fromEntries(found) };
  };
}

/** PostgreSQL answers; the pool and the server bound how long that takes. */
export function databaseAnswers(database: Database): Ask {
  return async () => {
    await database.unscoped('select 1 as one');
    return undefined;
  };
}

export function engineAnswers(engine: Engine): Ask {
  return () =>
    within(engine, askMs, async () => {
      await engine.connection.workflowService.getSystemInfo({});
      return undefined;
    });
}

/** The server has seen a worker poll lately: any, or the one of this identity. */
export function workerPolls(engine: Engine, identity?: string): Ask {
  return async () => {
    const { pollers } = await within(engine, askMs, () =>
      engine.connection.workflowService.describeTaskQueue({
        namespace: engine.namespace,
        taskQueue: { name: engine.taskQueue },
        taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      }),
    );
    const wanted = pollers.filter((one) => identity === undefined || one.identity === identity);
    const seen = wanted.map((one) => Number(one.lastAccessTime?.seconds ?? 0) * 1_000);
    const isPolling = Date.now() - Math.max(0, ...seen) < pollerMs;
    if (isPolling) return undefined;
    return identity === undefined
      ? 'no worker polls the task queue'
      : `the server has not seen the worker ${identity} poll`;
  };
}
