/** Hands runs over service levels to the engine: one workflow each. */
import type { RunOrder } from '../workflows/sla-run';
import { handOver, type HandOverDeps, type Kind } from './hand-over';

const runs: Kind = {
  ...{ name: 'run', claim: 'claim_sla_runs', batch: 20, workflow: 'slaRun', againSeconds: 600 },
  options: ({ organization_id: organizationId, organization_slug: slug, id }) => {
    const order: RunOrder = { organizationId, runId: id };
    return {
      workflowId: slaRunWorkflowId(slug, id),
      args: [order],
      // The row is not over: what was ended by hand begins again where it was.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      // Tickets come first when the engine has a backlog.
      priority: { priorityKey: 5, fairnessKey: slug },
    };
  },
  note: `update sla_runs set lease_until = clock_timestamp() + make_interval(secs => $3)
          where organization_id = $1 and id = $2`,
};

/** Hands over what is due, of all organizations; true when there may be more. */
export function sweepSlaRuns(deps: HandOverDeps): Promise<boolean> {
  return handOver(deps, runs);
}

export function slaRunWorkflowId(slug: string, runId: string): string {
  return `${slug}/sla-run/${runId}`;
}
