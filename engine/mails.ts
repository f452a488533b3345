/** Hands mails to the engine: one workflow each. Whoever wrote one tries at once, a loop of each worker takes the rest. */
import type { MailOrder } from '../workflows/mail';
import { handOver, type HandOverDeps, type Kind } from './hand-over';

const mails: Kind = {
  ...{ name: 'mail', claim: 'claim_mails', batch: 50, workflow: 'mail', againSeconds: 3_600 },
  options: ({ organization_id: organizationId, organization_slug: slug, id }) => {
    const order: MailOrder = { organizationId, mailId: id };
    return {
      workflowId: mailWorkflowId(slug, id),
      args: [order],
      // What has come to its end is not begun again; what was ended by hand is, as the row is not settled.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      // Tickets come first when the engine has a backlog.
      priority: { priorityKey: 4, fairnessKey: slug },
    };
  },
  note: `update mails set started_at = coalesce(started_at, clock_timestamp()),
                lease_until = clock_timestamp() + make_interval(secs => $3)
          where organization_id = $1 and id = $2`,
};

/** Hands over what is due, of all organizations; true when there may be more. */
export function sweepMails(deps: HandOverDeps): Promise<boolean> {
  return handOver(deps, mails);
}

export function mailWorkflowId(slug: string, mailId: string): string {
  return `${slug}/mail/${mailId}`;
}
