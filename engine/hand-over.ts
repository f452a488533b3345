/**
 * Rows that are their own outbox: each is handed to the engine as a workflow of its own by a loop of each
 * worker. One that is not over after a while is handed over again, which does nothing while its workflow
 * lives, and starts it anew when the engine has lost it.
 */
import {
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../models/database';
import { isEngineAway, within, type Engine } from './client';

export interface HandOverDeps {
  readonly database: Pick<Database, 'unscoped' | 'once'>;
  readonly engine: Engine;
  readonly log: Pick<Logger, 'warn'>;
}

export interface Due {
  readonly organization_id: string;
  readonly organization_slug: string;
  readonly id: string;
}

export interface Kind {
  /** For the log: `mail`. */
  readonly name: string;
  /** Function of the database that leases what is due: (how many, for how many seconds). */
  readonly claim: string;
  readonly batch: number;
  readonly workflow: string;
  readonly options: (
    due: Due,
  ) => Pick<WorkflowStartOptions, 'workflowId' | 'args' | 'workflowIdReusePolicy' | 'priority'>;
  /** Notes the hand-over: $1 organization, $2 id, $3 seconds until the next one. */
  readonly note: string;
  readonly againSeconds: number;
}

/** After a hand-over that failed, or a crash on the way, the next one comes that much later. */
const leaseSeconds = 15;
const callMs = 1_500;

/** Hands over what is due, of all organizations; true when there may be more. */
export async function handOver(deps: HandOverDeps, kind: Kind): Promise<boolean> {
  const { database, engine, log } = deps;
  const all = await database.unscoped<Due>(`select * from ${kind.claim}($1, $2)`, [
    kind.batch,
    leaseSeconds,
  ]);
  for (const due of all) {
    const { organization_id: organizationId, id } = due;
    try {
      await start(engine, kind, due);
      const bind = [organizationId, id, kind.againSeconds];
      await database.once(organizationId, kind.note, bind);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ [`${kind.name}Id`]: id, reason }, `${kind.name} not handed over`);
      // The others would wait for the same answer.
      if (isEngineAway(error)) return false;
    }
  }
  return all.length === kind.batch;
}

async function start(engine: Engine, kind: Kind, due: Due): Promise<void> {
  const { client, taskQueue } = engine;
  const options = { ...kind.options(due), taskQueue, workflowIdConflictPolicy: 'FAIL' } as const;
  try {
    await within(engine, callMs, () => client.workflow.start(kind.workflow, options));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
