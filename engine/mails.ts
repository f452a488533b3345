/**
 * Hands mails to the engine: one workflow each. Whoever wrote one tries at once, a loop of each worker takes
 * the rest. One that is still not sent after an hour is handed over again, which does nothing while its
 * workflow lives, and starts it anew when the engine has lost it.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../models/database';
import type { MailOrder } from '../workflows/mail';
import { isEngineAway, within, type Engine } from './client';

export interface MailsDeps {
  readonly database: Pick<Database, 'unscoped' | 'once'>;
  readonly engine: Engine;
  readonly log: Pick<Logger, 'warn'>;
}

interface Due {
  readonly organization_id: string;
  readonly organization_slug: string;
  readonly id: string;
}

const batch = 50;
/** After a hand-over that failed, or a crash on the way, the next one comes that much later. */
const leaseSeconds = 15;
const againSeconds = 3_600;
const callMs = 1_500;

/** Hands over what is due, of all organizations; true when there may be more. */
export async function sweepMails(deps: MailsDeps): Promise<boolean> {
  const due = await deps.database.unscoped<Due>('select * from claim_mails($1, $2)', [
    batch,
    leaseSeconds,
  ]);
  for (const mail of due) {
    try {
      await start(deps.engine, mail);
      await note(deps.database, mail);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.log.warn({ mailId: mail.id, reason }, 'mail not handed over');
      // The others would wait for the same answer.
      if (isEngineAway(error)) return false;
    }
  }
  return due.length === batch;
}

async function start(engine: Engine, mail: Due): Promise<void> {
  const order: MailOrder = { organizationId: mail.organization_id, mailId: mail.id };
  try {
    await within(engine, callMs, () =>
      engine.client.workflow.start('mail', {
        workflowId: mailWorkflowId(mail.organization_slug, mail.id),
        taskQueue: engine.taskQueue,
        args: [order],
        // What has come to its end is not begun again; what was ended by hand is, as the row is not settled.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
        // Tickets come first when the engine has a backlog.
        priority: { priorityKey: 4, fairnessKey: mail.organization_slug },
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

export function mailWorkflowId(slug: string, mailId: string): string {
  return `${slug}/mail/${mailId}`;
}

async function note(database: MailsDeps['database'], mail: Due): Promise<void> {
  await database.once(
    mail.organization_id,
    `update mails set started_at = coalesce(started_at, clock_timestamp()),
            lease_until = clock_timestamp() + make_interval(secs => $3)
      where organization_id = $1 and id = $2`,
    [mail.organization_id, mail.id, againSeconds],
  );
}
