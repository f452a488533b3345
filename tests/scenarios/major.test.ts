/** A major incident and its parts on the real engine, while workers die over what it owes them. */
import { sweepOutbox } from '../../engine/outbox';
import { acted, each, opened, type Caller } from '../api/incident';
import { openWorld, type World } from '../harness';
import { startDoomedWorker } from '../setup/doomed-worker';
import { recorded, refusalsOf, typesOf } from './faults/record';

const because = { reason: 'All sites.' };

let world: World;
let agent: Caller;
let manager: Caller;
beforeAll(async () => {
  world = await openWorld();
  [agent, manager] = [await world.as('agent'), await world.as('manager')];
});
afterAll(() => world.close());

const swept = async () => {
  await world.rows('update engine_outbox set next_at = now(), lease_until = null');
  await sweepOutbox(world);
};
const partOf = async ({ id: ticketId }: { id: string }) => {
  const part = await opened(agent);
  await agent.post(`/incidents/${part.id}/links`, { kind: 'parent', ticketId }).expect(201);
  return part;
};

it('a worker that dies over an update leaves it in each part once', async () => {
  const major = await acted(manager, await opened(agent), 'declareMajor', because);
  const parts = [await partOf(major), await partOf(major), await partOf(major)];
  await acted(agent, major, 'postUpdate', { body: 'Half of it works.' });
  await world.stopWorker();
  const doomed = await startDoomedWorker(world, 'parentUpdated');
  await swept();
  await doomed.dead;
  await swept();
  await world.startWorker();
  for (const { id } of parts) await recorded(world, id, { type: 'commented' });
  await swept();
  await swept();
  for (const { id } of parts) {
    expect(await typesOf(world, id)).toEqual(['opened', 'linked', 'commented']);
    expect(await each(agent, `/incidents/${id}/comments`, 'body')).toHaveLength(1);
    expect(await refusalsOf(world, id)).toEqual([]);
  }
});

it('a part that follows its parent has one resolution, though the message of it is sent again', async () => {
  const parent = await opened(agent);
  const part = await partOf(parent);
  await acted(agent, parent, 'resolve', { code: 'solved', notes: 'Repaired.' });
  await world.stopWorker();
  const doomed = await startDoomedWorker(world, 'linkedEnded');
  await swept();
  await doomed.dead;
  await swept();
  await world.startWorker();
  await recorded(world, part.id, { type: 'resolved' });
  await swept();
  expect(await typesOf(world, part.id)).toEqual(['opened', 'linked', 'resolved', 'commented']);
});
