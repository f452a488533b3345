import { setTimeout as pause } from 'node:timers/promises';
import { registerSearchAttributes } from '../../../engine/search-attributes';
import { resumeAll } from '../../../engine/resume';
import { sweepOutbox } from '../../../engine/outbox';
import { eventually, type World } from '../../harness';
import { startDoomedWorker } from '../../setup/doomed-worker';
import { ownEngine, type OwnEngine } from '../../setup/own-engine';
import { advance } from '../../setup/time';
import { decided, inWorld, lifeOf, openedErrand, openedIncident, recorded } from './record';
import { feedOf, rowOf, typesOf, type Caller, type Ticket } from './record';

describe('an engine that is away, dies, or forgets', () => {
  let engine: OwnEngine;
  beforeAll(async () => {
    engine = await ownEngine();
  });
  afterAll(() => engine.close());

  const elsewhere = () => ({ worker: false, temporalAddress: engine.address });

  it('is not needed to open, comment and answer: lives begin when it comes', () =>
    inWorld(elsewhere(), async (world) => {
      const [agent, user] = [await world.as('agent'), await world.as('user')];
      const one = await inTime(() => openedIncident(user));
      await inTime(() => user.post(`/incidents/${one.id}/comments`, { body: 'Well?' }).expect(201));
      const other = await inTime(() => openedIncident(user));
      await inTime(() => agent.post(`/incidents/${one.id}/comments`, { body: 'Yes.' }).expect(201));
      await engine.start();
      await world.startWorker();
      await sweptClean(world);
      for (const { number } of [one, other]) {
        expect(await lifeOf(world, world.workflowId(number))).toMatchObject({ status: 'RUNNING' });
      }
      const start = await decided(agent, `/incidents/${one.id}/actions/start`);
      expect(start).toMatchObject({ status: 200 });
      expect(await typesOf(world, one.id)).toEqual(['opened', 'commented', 'commented', 'started']);
    }));

  it('holds nobody up who opens or comments while it answers nothing at all', () =>
    inWorld(elsewhere(), async (world) => {
      const user = await world.as('user');
      engine.freeze();
      const { id, number } = await inTime(() => openedIncident(user)).finally(engine.wake);
      await world.startWorker();
      await sweptClean(world);
      expect(await lifeOf(world, world.workflowId(number))).toMatchObject({ status: 'RUNNING' });
      expect(await typesOf(world, id)).toEqual(['opened']);
    }));

  it('dies together with the API and a worker in its step: no fact is lost, each stands once', () =>
    inWorld(elsewhere(), async (world) => {
      await registerSearchAttributes(world.engine);
      const agent = await world.as('agent');
      const { id, number } = await openedErrand(agent);
      const doomed = await startDoomedWorker(world, 'nudge');
      const nudge = (caller: Caller) =>
        caller.post(`/errands/${id}/actions/nudge`).set('idempotency-key', 'one');
      const lost = nudge(await world.callersAt(doomed.url).as('agent')).then();
      await expect(lost).rejects.toThrow('socket hang up');
      await doomed.dead;
      const life = world.engine.client.workflow.getHandle(world.workflowId(number, 'errand'));
      await life.signal('go', { fails: 0 });
      await engine.kill();
      await engine.start();
      await world.startWorker();
      await recorded(world, id, { type: 'fetched' });
      // What a dead process held is free after its lease.
      await world.rows('update idempotency_keys set lease_until = now()');
      await eventually('the answer', async () => (await nudge(agent)).status === 200 || undefined);
      expect((await typesOf(world, id)).sort()).toEqual(['fetched', 'nudged', 'opened', 'went']);
    }));

  it('lets an API end in good order that was about to tell it of a ticket', () =>
    inWorld(elsewhere(), async (world) => {
      await engine.kill();
      const api = await world.anotherFront();
      const { id } = await openedIncident(await api.as('user'));
      await api.close();
      // A retry that outlived its connection would throw at nobody: an uncaught error fails this test.
      await pause(500);
      await engine.start();
      await world.startWorker();
      await sweptClean(world);
      expect(await typesOf(world, id)).toEqual(['opened']);
    }));

  it('loses its store: everything unsettled lives again as it was, overdue at its true instant', () =>
    inWorld({ temporalAddress: engine.address }, async (world) => {
      const [agent, user] = [await world.as('agent'), await world.as('user')];
      const [running, held] = [await openedIncident(user), await openedIncident(user)];
      const closed = await openedIncident(user);
      const until = new Date(Date.now() + 2_500).toISOString();
      const hold = { reason: 'scheduled', until };
      for (const [{ id }, command, input] of [
        [held, 'hold', hold],
        [running, 'start', {}],
        [closed, 'resolve', { code: 'solved', notes: 'Done' }],
        [closed, 'close', {}],
      ] as const) {
        expect((await decided(agent, `/incidents/${id}/actions/${command}`, input)).status).toBe(
          200,
        );
      }
      const before = await readings(agent, running);
      await world.stopWorker();
      await engine.kill();
      engine.loseStore();
      await engine.start();
      await world.startWorker();
      expect(await resumeAll(world)).toMatchObject({ started: 2, alreadyAlive: 0, failed: [] });
      expect(await readings(agent, running)).toEqual(before);
      const resumed = (await recorded(world, held.id, { type: 'resumed' })).at(-1);
      expect(resumed?.at.toISOString()).toBe(until);
      await advance(world.engine, world.workflowId(running.number), 12 * 60);
      const [warned] = (await recorded(world, running.id, { type: 'slaWarned' })).slice(-1);
      expect(warned?.cause).toMatch(/^sla\.response\.75@/);
      expect(await rowOf(world, closed.id)).toMatchObject({ isSettled: true });
      expect(await resumeAll(world)).toMatchObject({ started: 0, alreadyAlive: 2, failed: [] });
      expect((await feedOf(world, held.id)).filter(({ type }) => type === 'resumed')).toHaveLength(
        1,
      );
    }));
});

/** Agenda, clocks and version as the API tells them, the clocks as of one instant. */
async function readings(caller: Caller, { id }: Ticket) {
  const paths = ['', '/agenda', '/sla?at=2026-11-24T00:00:00Z'];
  const answers = await Promise.all(
    paths.map((path) => caller.get(`/incidents/${id}${path}`).expect(200)),
  );
  return answers.map(({ body }) => body as object);
}

/** Less than two seconds: nobody waits for an engine that is away. */
async function inTime<T>(work: () => PromiseLike<T>): Promise<T> {
  const began = performance.now();
  const answer = await work();
  expect(performance.now() - began).toBeLessThan(2_000);
  return answer;
}

/** Sweeps the outbox until it owes nothing. */
async function sweptClean(world: World): Promise<void> {
  await eventually('an empty outbox', async () => {
    await sweepOutbox(world);
    const rows = await world.rows('select id, last_error from engine_outbox');
    return rows.length === 0 ? true : undefined;
  });
}
