/** A life that the service did not start: under any id, and soon at its limits. */
import type { Life } from '../../workflows/life/wire';
import type { World } from '../harness';

/** Starts one for a ticket that is there; it continues as new at 30 events when quiet, at 60 in any case. */
export async function startByHand(world: World, ticketId: string, workflowId: string) {
  const living = await world.lives.find(world.organizationId, ticketId);
  if (!living) throw new Error('There is no such ticket');
  const { organizationId, type, life } = living.ticket;
  const limits = { quiet: 30, forced: 60 };
  const argument: Life = { organizationId, ticketId, type, life, view: living.view, limits };
  return world.engine.client.workflow.start(type, {
    workflowId,
    taskQueue: world.taskQueue,
    args: [argument],
    workflowTaskTimeout: '5s',
    memo: { ticketId },
  });
}
