import { randomUUID } from 'node:crypto';
import { endStrays } from '../../../engine/strays';
import { toInstant } from '../../../models/instant';
import { settleFact } from '../../../models/tickets/kernel/settle';
import { eventually, type World } from '../../harness';
import { runOps } from '../../setup/run-ops';
import { inWorld, lifeOf, openedIncident, recorded, rowOf, type Ticket } from './record';

/** A step through the door of a life, of which the life never hears: the engine lost the task. */
async function cancelledUnheard(world: World, { id }: Ticket): Promise<void> {
  const { life } = await rowOf(world, id);
  const door = { organizationId: world.organizationId, ticketId: id, type: 'incident', life };
  const by = { kind: 'person', id: world.id('person', 'agent'), name: 'agent' } as const;
  const fact = { cause: randomUUID(), name: 'cancel', input: { reason: 'Sent twice.' } };
  const told = { via: 'api' as const, occurredAt: toInstant(Date.now()) };
  const actor = { ...by, role: 'agent' as const };
  await settleFact(world.database, door, { ...fact, ...told, actor }, world.kernel);
  await recorded(world, id, { type: 'cancelled' });
}

describe('a life that did not hear that its ticket was settled', () => {
  it('goes on until it is found and told; lives of open tickets are left alone', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const [over, open] = [await openedIncident(agent), await openedIncident(agent)];
      const statusOf = async ({ number }: Ticket) =>
        (await lifeOf(world, world.workflowId(number))).status;
      await eventually('a list of both', async () => {
        const query = `TaskQueue = '${world.taskQueue}' AND ExecutionStatus = 'Running'`;
        const { count } = await world.engine.client.workflow.count(query);
        return count === 2 || undefined;
      });
      await cancelledUnheard(world, over);
      expect(await endStrays(world)).toBe(0);
      expect([await statusOf(over), await statusOf(open)]).toEqual(['RUNNING', 'RUNNING']);

      await world.rows(`update tickets set updated_at = updated_at - interval '1 minute'`);
      const found = await runOps(world, 'check');
      expect(found.said).toMatch(/outlived: 1\s+.*but its life goes on/s);
      expect(await endStrays(world)).toBe(1);
      await eventually('its end', async () => (await statusOf(over)) === 'COMPLETED' || undefined);
      expect(await statusOf(open)).toBe('RUNNING');
      expect(await endStrays(world)).toBe(0);
    }));
});
