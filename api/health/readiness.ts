/** Whether the service can serve: the parts that an API process asks. */
import type { Engine } from '../../engine/client';
import {
  createReadiness,
  databaseAnswers,
  engineAnswers,
  workerPolls,
  type Readiness,
} from '../../engine/health';
import { outboxState } from '../../engine/undelivered';
import type { Database } from '../../models/database';

/** Older than this, the outbox is not being emptied. */
const outboxSeconds = 120;

/** Database, engine, a worker seen by the engine, and an outbox that is emptied. */
export function readinessOf(database: Database, engine: Engine): () => Promise<Readiness> {
  return createReadiness({
    database: databaseAnswers(database),
    temporal: engineAnswers(engine),
    worker: workerPolls(engine),
    outbox: async () => {
      const { oldestSeconds } = await outboxState(database);
      if (oldestSeconds < outboxSeconds) return undefined;
      return `the oldest row waits for ${Math.round(oldestSeconds)} s`;
    },
  });
}
