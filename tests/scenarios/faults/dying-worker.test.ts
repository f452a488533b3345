import { sweepOutbox } from '../../../engine/outbox';
import { eventually, openWorld, type World } from '../../harness';
import { errandProcess } from '../../errands/process';
import { startDoomedWorker, type DoomedWorker } from '../../setup/doomed-worker';
import { processes } from '../../../workflows/registry';
import { openedErrand, openedIncident, recorded, rowOf, typesOf, type Caller } from './record';

describe('a worker that dies in its step, after the commit and before anybody heard of it', () => {
  let world: World;
  let agent: Caller;
  let doomed: DoomedWorker | undefined;
  beforeAll(async () => {
    const works = { fetch: () => Promise.resolve('fetched') };
    world = await openWorld({ processes: [...processes, errandProcess], works, worker: false });
    agent = await world.as('agent');
  });
  afterEach(async () => {
    doomed?.end();
    await world.stopWorker();
  });
  afterAll(() => world.close());

  it('leaves a fact that stands once, beside a signal that was sent while it was dead; the caller is answered', async () => {
    const { id, number } = await openedErrand(agent);
    doomed = await startDoomedWorker(world, 'nudge');
    const asked = agent.post(`/errands/${id}/actions/nudge`).expect(200).then();
    await doomed.dead;
    const life = world.engine.client.workflow.getHandle(world.workflowId(number, 'errand'));
    await life.signal('go', { fails: 0 });
    await world.startWorker();
    expect((await asked).body).toMatchObject({ id });
    await recorded(world, id, { type: 'fetched' });
    expect((await typesOf(world, id)).sort()).toEqual(['fetched', 'nudged', 'opened', 'went']);
  });

  it('and stays dead: the caller hears 202, and 200 by the same key when a worker is back', async () => {
    const { id } = await openedErrand(agent);
    doomed = await startDoomedWorker(world, 'nudge');
    const nudge = () => agent.post(`/errands/${id}/actions/nudge`).set('idempotency-key', 'once');
    const first = await nudge().expect(202);
    expect(first.body).toEqual({ id: expect.any(String) as string, status: 'unknown' });
    // It is decided all the same, and whoever asks is told so.
    const { location } = first.headers as { location: string };
    const told = await agent.get(location.replace('/api/v1', '')).expect(200);
    expect(told.body).toMatchObject({ status: 'applied', name: 'nudge' });
    await world.startWorker();
    await nudge().expect(200);
    await agent.post(`/errands/${id}/actions/nudge`).expect(200);
    expect(await typesOf(world, id)).toEqual(['opened', 'nudged', 'nudged']);
  });

  it('loses no message to another life, which takes it once however often it is sent', async () => {
    const [from, to] = [await openedErrand(agent), await openedErrand(agent)];
    doomed = await startDoomedWorker(world, 'pass');
    const asked = agent.post(`/errands/${from.id}/actions/pass`, { to: to.id }).expect(200).then();
    await doomed.dead;
    await dueAgain();
    expect(await sweepOutbox(world)).toBe(1);
    await dueAgain();
    expect(await sweepOutbox(world)).toBe(1);
    await world.startWorker();
    await asked;
    await recorded(world, to.id, { type: 'fetched' });
    expect(await typesOf(world, from.id)).toEqual(['opened', 'passed']);
    expect(await typesOf(world, to.id)).toEqual(['opened', 'went', 'fetched']);
    await dueAgain();
    await sweepOutbox(world);
    expect(await world.rows('select id from engine_outbox')).toEqual([]);
  });

  it('takes a comment made while it was dead and the deadline that fell due meanwhile in their order', async () => {
    const user = await world.as('user');
    const { id } = await openedIncident(user);
    doomed = await startDoomedWorker(world, 'resolve');
    const resolve = { code: 'solved', notes: 'Done' };
    const asked = agent.post(`/incidents/${id}/actions/resolve`, resolve).expect(200).then();
    await doomed.dead;
    await user.post(`/incidents/${id}/comments`, { body: 'It is not.' }).expect(201);
    await world.startWorker();
    await asked;
    expect(await typesOf(world, id)).toEqual(['opened', 'resolved', 'commented', 'reopened']);
    expect(await rowOf(world, id)).toMatchObject({ state: 'inProgress' });
  });

  async function dueAgain(): Promise<void> {
    await eventually('a row that waits', async () => {
      const due = await world.rows(
        'update engine_outbox set next_at = now(), lease_until = null returning id',
      );
      return due.length >= 0 ? true : undefined;
    });
  }
});
