/**
 * Hands runs to the engine: one workflow each. The row of a run is its outbox: a loop of each worker takes
 * what is not over, which does nothing while its workflow lives, and starts it anew when the engine has
 * lost it.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../models/database';
import type { RunOrder } from '../workflows/sla-run';
import { isEngineAway, within, type Engine } from './client';

export interface SlaRunsDeps {
  readonly database: Pick<Database, 'unscoped' | 'once'>;
  readonly engine: Engine;
  readonly log: Pick<Logger, 'warn'>;
}

interface Due {
  readonly organization_id: string;
  readonly organization_slug: string;
  readonly id: string;
}

const batch = 20;
/** After a hand-over that failed, or a crash on the way, the next one comes that much later. */
const leaseSeconds = 15;
const againSeconds = 600;
const callMs = 1_500;

/** Hands over what is due, of all organizations; true when there may be more. */
export async function sweepSlaRuns(deps: SlaRunsDeps): Promise<boolean> {
  const due = await deps.database.unscoped<Due>('select * from claim_sla_runs($1, $2)', [
    batch,
    leaseSeconds,
  ]);
  for (const run of due) {
    try {
      await start(deps.engine, run);
      await note(deps.database, run);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.log.warn({ runId: run.id, reason }, 'run not handed over');
      // The others would wait for the same answer.
      if (isEngineAway(error)) return false;
    }
  }
  return due.length === batch;
}

export function slaRunWorkflowId(slug: string, runId: string): string {
  return `${slug}/sla-run/${runId}`;
}

async function start(engine: Engine, run: Due): Promise<void> {
  const order: RunOrder = { organizationId: run.organization_id, runId: run.id };
  try {
    await within(engine, callMs, () =>
      engine.client.workflow.start('slaRun', {
        workflowId: slaRunWorkflowId(run.organization_slug, run.id),
        taskQueue: engine.taskQueue,
        args: [order],
        // The row is not over: what was ended by hand begins again where it was.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        // Tickets come first when the engine has a backlog.
        priority: { priorityKey: 5, fairnessKey: run.organization_slug },
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function note(database: SlaRunsDeps['database'], run: Due): Promise<void> {
  await database.once(
    run.organization_id,
    `update sla_runs set lease_until = clock_timestamp() + make_interval(secs => $3)
      where organization_id = $1 and id = $2`,
    [run.organization_id, run.id, againSeconds],
  );
}
