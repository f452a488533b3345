/** Runs over many tickets whose histories are recorded. */
import { randomUUID } from 'node:crypto';
import { slaRunWorkflowId } from '../../engine/sla-runs';
import { plusSeconds, toInstant } from '../../models/instant';
import { writeRun } from '../../models/sla-runs/rows';
import type { RunOrder } from '../../workflows/sla-run';
import { beginLife } from '../life/living';
import type { Stage } from './stage';

export const runs: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
  /** Sleeps until it counts, tells a ticket, continues as new, looks whether it has heard. */
  'sla-run': async ({ world }) => {
    const { database, engine, organizationId, slug, taskQueue } = world;
    await beginLife(world, { input: { impact: 'low', urgency: 'low' } });
    const runId = randomUUID();
    const [policy] = await world.rows(
      `select id from sla_policies where organization_id = $1 and ticket_type = 'incident'`,
      [organizationId],
    );
    const startsAt = plusSeconds(toInstant(Date.now()), 3);
    const about = { policyId: String(policy?.['id']), version: 1, ticketType: 'incident' };
    await database.inOrganization(organizationId, (tx) =>
      writeRun(tx, { id: runId, kind: 'publication', startsAt, ...about }),
    );
    const order: RunOrder = { organizationId, runId, eventsARun: 20 };
    const workflowId = slaRunWorkflowId(slug, runId);
    await engine.client.workflow.start('slaRun', { workflowId, taskQueue, args: [order] });
    await engine.client.workflow.getHandle(workflowId).result();
    return workflowId;
  },
};
