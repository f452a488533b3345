import { setTimeout as pause } from 'node:timers/promises';
import { sweepOutbox } from '../../../engine/outbox';
import type { World } from '../../harness';
import { startDoomedWorker } from '../../setup/doomed-worker';
import { decided, inWorld, openedErrand, openedIncident, recorded } from './record';
import { rowOf, typesOf } from './record';

const withoutWorker = { worker: false };

/** Nothing waits any more for its pause or its lease. */
async function outboxIsDue({ rows }: World): Promise<void> {
  await rows('update engine_outbox set next_at = now(), lease_until = null');
}

describe('a worker that dies in its step, after the commit and before anybody heard of it', () => {
  it.concurrent('leaves a fact that stands once beside a signal sent while it was dead', () =>
    inWorld(withoutWorker, async (world) => {
      const agent = await world.as('agent');
      const { id, number } = await openedErrand(agent);
      const doomed = await startDoomedWorker(world, 'nudge');
      const asked = decided(agent, `/errands/${id}/actions/nudge`);
      await doomed.dead;
      const life = world.engine.client.workflow.getHandle(world.workflowId(number, 'errand'));
      await life.signal('go', { fails: 0 });
      await world.startWorker();
      expect(await asked).toMatchObject({ status: 200, body: { id } });
      await recorded(world, id, { type: 'fetched' });
      expect((await typesOf(world, id)).sort()).toEqual(['fetched', 'nudged', 'opened', 'went']);
    }),
  );

  it.concurrent(
    'and stays dead: the caller hears 202, and 200 by the same key when one is back',
    () =>
      inWorld(withoutWorker, async (world) => {
        const agent = await world.as('agent');
        const { id } = await openedErrand(agent);
        const doomed = await startDoomedWorker(world, 'nudge');
        const nudge = () =>
          agent.post(`/errands/${id}/actions/nudge`).set('idempotency-key', 'one');
        const { headers } = await nudge().expect(202);
        await doomed.dead;
        // It is decided all the same, and whoever asks for it is told so.
        const { location } = headers as { location: string };
        const told = await agent.get(location.replace('/api/v1', '')).expect(200);
        expect(told.body).toMatchObject({ status: 'applied', name: 'nudge' });
        await world.startWorker();
        await nudge().expect(200);
        expect(await decided(agent, `/errands/${id}/actions/nudge`)).toMatchObject({ status: 200 });
        expect(await typesOf(world, id)).toEqual(['opened', 'nudged', 'nudged']);
      }),
  );

  it.concurrent(
    'loses no message to another life, which takes it once however often it is sent',
    () =>
      inWorld(withoutWorker, async (world) => {
        const agent = await world.as('agent');
        const [from, to] = [await openedErrand(agent), await openedErrand(agent)];
        const doomed = await startDoomedWorker(world, 'pass');
        const asked = decided(agent, `/errands/${from.id}/actions/pass`, { to: to.id });
        await doomed.dead;
        for (const sent of [1, 1]) {
          await outboxIsDue(world);
          expect(await sweepOutbox(world)).toBe(sent);
        }
        await world.startWorker();
        expect(await asked).toMatchObject({ status: 200 });
        await recorded(world, to.id, { type: 'fetched' });
        expect(await typesOf(world, from.id)).toEqual(['opened', 'passed']);
        expect(await typesOf(world, to.id)).toEqual(['opened', 'went', 'fetched']);
        await outboxIsDue(world);
        await sweepOutbox(world);
        expect(await world.rows('select id from engine_outbox')).toEqual([]);
      }),
  );

  it.concurrent(
    'lets a customer answer meanwhile, and a deadline fall due, each in its place',
    () =>
      inWorld(withoutWorker, async (world) => {
        const [agent, user] = [await world.as('agent'), await world.as('user')];
        const { id } = await openedIncident(user);
        const doomed = await startDoomedWorker(world, 'hold');
        const until = new Date(Date.now() + 4_000).toISOString();
        const hold = { reason: 'scheduled', until };
        const asked = decided(agent, `/incidents/${id}/actions/hold`, hold);
        await doomed.dead;
        await user.post(`/incidents/${id}/comments`, { body: 'When?' }).expect(201);
        await pause(Math.max(0, Date.parse(until) - Date.now()));
        await world.startWorker();
        expect(await asked).toMatchObject({ status: 200 });
        const feed = await recorded(world, id, { type: 'resumed' });
        expect(feed.map(({ type }) => type)).toEqual(['opened', 'held', 'commented', 'resumed']);
        expect(feed.at(-1)?.at.toISOString()).toBe(until);
        expect(await rowOf(world, id)).toMatchObject({ state: 'assigned' });
      }),
  );
});
