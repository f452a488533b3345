/** Somebody leaves: the lives of their tickets hear of it once, also when a worker dies over it. */
import { sweepOutbox } from '../../engine/outbox';
import { acted, opened, type Caller, type Ticket } from '../api/incident';
import { openWorld, type World } from '../harness';
import { startDoomedWorker } from '../setup/doomed-worker';
import { recorded, refusalsOf, typesOf } from './faults/record';

let world: World;
let admin: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld();
  [admin, agent] = [await world.as('admin'), await world.as('agent')];
});
afterAll(() => world.close());

const holderOf = async ({ id }: Ticket) => {
  const [row] = await world.rows(
    'select state, team_id as team, assignee_id as assignee from tickets where id = $1',
    [id],
  );
  return row;
};
const swept = async () => {
  await world.rows('update engine_outbox set next_at = now(), lease_until = null');
  await sweepOutbox(world);
};

it('hands over to the teams, exactly once, in spite of kill -9', async () => {
  const [desk, network] = [world.id('team', 'Service desk'), world.id('team', 'Network')];
  const leaver = world.id('person', 'colleague');
  const given = async (teamId: string | null) => {
    const ticket = await opened(agent);
    return acted(agent, ticket, 'assign', { teamId, assigneeId: leaver });
  };
  const [ofTeam, ofNone, ofOther] = [await given(network), await given(null), await given(desk)];
  await acted(agent, ofTeam, 'start');

  await admin.post(`/users/${leaver}/actions/deactivate`).expect(204);
  // Somebody else is quicker than the hand-over.
  const assigneeId = world.id('person', 'agent');
  await acted(agent, ofOther, 'assign', { assigneeId });
  await world.stopWorker();
  const doomed = await startDoomedWorker(world, 'released');
  await swept();
  await doomed.dead;
  await swept();
  await world.startWorker();

  for (const ticket of [ofTeam, ofNone]) await recorded(world, ticket.id, { type: 'released' });
  await recorded(world, ofOther.id, { type: 'alreadyReleased' });
  await swept();
  await swept();
  expect(await holderOf(ofTeam)).toEqual({ state: 'inProgress', team: network, assignee: null });
  expect(await holderOf(ofNone)).toEqual({ state: 'assigned', team: desk, assignee: null });
  expect(await holderOf(ofOther)).toEqual({ state: 'assigned', team: desk, assignee: assigneeId });
  expect(await typesOf(world, ofTeam.id)).toEqual(['opened', 'assigned', 'started', 'released']);
  expect(await typesOf(world, ofNone.id)).toEqual(['opened', 'assigned', 'released']);
  expect(await typesOf(world, ofOther.id)).toEqual([
    ...['opened', 'assigned', 'assigned', 'alreadyReleased'],
  ]);
  for (const ticket of [ofTeam, ofNone, ofOther]) {
    expect(await refusalsOf(world, ticket.id)).toEqual([]);
  }
  const told = await world.rows(
    `select ticket_id from notifications
      where template = 'incident.assignedToTeam' and ticket_id = any($1) and recipient_id = $2`,
    [[ofTeam.id, ofNone.id], assigneeId],
  );
  expect(told).toEqual([{ ticket_id: ofNone.id }]);
  expect(await world.rows('select id from engine_outbox')).toEqual([]);
});
