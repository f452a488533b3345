/** Whether the service can serve: each part asked, none remembered. */
import { temporal } from '@temporalio/proto';
import type { Engine } from '../../engine/client';
import { within } from '../../engine/client';
import type { Database } from '../../models/database';
import type { Readiness } from './routes';

const askMs = 1_500;
/** A poller that has not been seen for this long is gone. */
const pollerMs = 90_000;
/** Older than this, the outbox is not being emptied. */
const outboxSeconds = 120;

type Part = Readiness['parts'][string];

/** Database, engine, a worker seen by the engine, and an outbox that is emptied. */
export async function readinessOf(database: Database, engine: Engine): Promise<Readiness> {
  const [db, temporalPart, worker, outbox] = await Promise.all([
    part(() => database.unscoped('select 1 as one').then(() => undefined)),
    part(() =>
      within(engine, askMs, () => engine.connection.workflowService.getSystemInfo({})).then(
        () => undefined,
      ),
    ),
    part(() => seenWorker(engine)),
    part(() => emptiedOutbox(database)),
  ]);
  const parts = { database: db, temporal: temporalPart, worker, outbox };
  return { ready: Object.values(parts).every(({ ok }) => ok), parts };
}

async function part(ask: () => Promise<string | undefined>): Promise<Part> {
  try {
    const wrong = await ask();
    return wrong === undefined ? { ok: true } : { ok: false, detail: wrong };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function seenWorker(engine: Engine): Promise<string | undefined> {
  const { pollers } = await within(engine, askMs, () =>
    engine.connection.workflowService.describeTaskQueue({
      namespace: engine.namespace,
      taskQueue: { name: engine.taskQueue },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    }),
  );
  const newest = Math.max(
    0,
    ...pollers.map((one) => Number(one.lastAccessTime?.seconds ?? 0) * 1_000),
  );
  return Date.now() - newest < pollerMs ? undefined : 'no worker polls the task queue';
}

async function emptiedOutbox(database: Database): Promise<string | undefined> {
  const [state] = await database.unscoped<{ oldest_seconds: number; set_aside: number }>(
    'select * from outbox_state()',
  );
  const oldest = state?.oldest_seconds ?? 0;
  return oldest < outboxSeconds ? undefined : `the oldest row waits for ${Math.round(oldest)} s`;
}
