/** Links that do something, on the real engine: duplicates follow, a change answers for what it has caused. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { sweepOutbox } from '../../engine/outbox';
import { toInstant } from '../../models/instant';
import { settleFact } from '../../models/tickets/kernel/settle';
import { acted, opened, type Caller, type Ticket } from '../api/incident';
import { who } from '../database/row';
import { eventually, openWorld, type World } from '../harness';
import { startDoomedWorker } from '../setup/doomed-worker';
import { recorded, refusalsOf, rowOf, typesOf } from './faults/record';

const resolution = { code: 'solved', notes: 'Queue restarted.' };

const link = (by: Caller, path: string, kind: string, to: { id: string }) =>
  by.post(`${path}/links`, { kind, ticketId: to.id }).expect(201);
const duplicate = async (by: Caller, of: Ticket) => {
  const ticket = await opened(by);
  await link(by, `/incidents/${ticket.id}`, 'duplicates', of);
  return ticket;
};

describe('with a worker that carries', () => {
  let world: World;
  let agent: Caller;
  beforeAll(async () => {
    world = await openWorld({ carries: true });
    agent = await world.as('agent');
  });
  afterAll(() => world.close());

  const becomes = (ticket: { id: string }, state: string) =>
    eventually(state, async () =>
      (await rowOf(world, ticket.id)).state === state ? state : undefined,
    );

  it('duplicates are resolved and reopened with their original, also one of a duplicate', async () => {
    const original = await opened(agent);
    const [one, other] = [await duplicate(agent, original), await duplicate(agent, original)];
    const ofOne = await duplicate(agent, one);
    await acted(agent, original, 'resolve', resolution);
    for (const ticket of [one, other, ofOne]) await becomes(ticket, 'resolved');
    const name = original.number;
    expect((await agent.get(`/incidents/${one.id}/comments`)).body).toMatchObject({
      data: [
        {
          ...{ isPublic: true, author: { name: 'agent' } },
          body: `This is a duplicate of ${name}, which was resolved.`,
        },
      ],
    });
    await acted(agent, other, 'close');
    await acted(agent, original, 'reopen', { reason: 'It is back.' });
    for (const ticket of [one, ofOne]) await becomes(ticket, 'assigned');
    expect((await rowOf(world, other.id)).state).toBe('closed');
    expect(await typesOf(world, one.id)).toEqual([
      ...['opened', 'linked', 'linked', 'resolved', 'commented', 'reopened'],
    ]);
  });

  it('one that is linked to what is resolved already is resolved then; one that is not any more is left', async () => {
    const original = await opened(agent);
    const left = await duplicate(agent, original);
    await agent.delete(`/incidents/${left.id}/links/duplicates/${original.number}`).expect(204);
    await acted(agent, original, 'resolve', resolution);
    await acted(agent, original, 'close');
    const late = await duplicate(agent, original);
    await becomes(late, 'resolved');
    expect((await rowOf(world, left.id)).state).toBe('new');
  });

  it('no duplicate is forgotten that is linked while its original is being resolved', async () => {
    const rounds = Array.from({ length: 6 }, async () => {
      const [original, copy] = [await opened(agent), await opened(agent)];
      await Promise.all([
        link(agent, `/incidents/${copy.id}`, 'duplicates', original),
        acted(agent, original, 'resolve', resolution),
      ]);
      return becomes(copy, 'resolved');
    });
    await Promise.all(rounds);
  });

  it('a change that has caused an incident is not closed without a review, also when it is found out late', async () => {
    const Change = z.looseObject({ id: z.string(), state: z.string() });
    const hour = 3_600_000;
    const inHours = (hours: number) => toInstant(new Date(Date.now() + hours * hour));
    const opening = {
      ...{ title: 'New filter', description: 'For mail.', serviceId: world.id('service', 'Mail') },
      plans: { implementation: 'Replace it.', test: 'Send a mail.', backOut: 'Put it back.' },
      risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
      window: { start: inHours(-1), end: inHours(4) },
    };
    const inReview = async (before: (path: string) => Promise<unknown>) => {
      const made = await agent.post('/changes', opening).expect(201);
      const change = Change.parse(made.body);
      const path = `/changes/${change.id}`;
      const act = (name: string, body = {}) => agent.post(`${path}/actions/${name}`, body);
      await act('submit').expect(200);
      const asked = await act('requestApproval').expect(200);
      const { approval } = z
        .object({ approval: z.object({ rounds: z.array(z.object({ id: z.string() })) }) })
        .parse(asked.body);
      const manager = await world.as('manager');
      await manager.post(`/approvals/${approval.rounds[0]?.id}/actions/approve`).expect(200);
      await becomes(change, 'scheduled');
      await act('implement').expect(200);
      await before(path);
      await act('complete', { outcome: 'successful' }).expect(200);
      return { path, act };
    };
    const incident = await opened(agent);
    const known = await inReview((path) => link(agent, path, 'causes', incident));
    expect((await agent.get(known.path)).body).toMatchObject({ review: { isNeeded: true } });
    const late = await inReview(() => Promise.resolve());
    expect((await agent.get(late.path)).body).toMatchObject({ review: { isNeeded: false } });
    await agent
      .post(`/incidents/${(await opened(agent)).id}/links`, {
        ...{ kind: 'causedBy', ticketId: late.path.slice('/changes/'.length) },
      })
      .expect(201);
    for (const { act } of [known, late]) {
      await act('close').expect(409);
      await act('review', { findings: 'The filter was too strict.' }).expect(200);
      await act('close').expect(200);
    }
  });
});

describe('between', () => {
  let world: World;
  let agent: Caller;
  beforeAll(async () => {
    world = await openWorld();
    agent = await world.as('agent');
  });
  afterAll(() => world.close());

  const swept = async () => {
    await world.rows('update engine_outbox set next_at = now(), lease_until = null');
    await sweepOutbox(world);
  };

  it('a worker that dies over the message resolves the duplicate once', async () => {
    const original = await opened(agent);
    const copy = await duplicate(agent, original);
    await acted(agent, original, 'resolve', resolution);
    await world.stopWorker();
    const doomed = await startDoomedWorker(world, 'linkedEnded');
    await swept();
    await doomed.dead;
    await swept();
    await world.startWorker();
    await recorded(world, copy.id, { type: 'resolved' });
    await swept();
    await swept();
    expect(await typesOf(world, copy.id)).toEqual(['opened', 'linked', 'resolved', 'commented']);
    expect(await refusalsOf(world, copy.id)).toEqual([]);
  });

  it('an API that dies after its commit leaves the line at the other end to the outbox, also when that is over', async () => {
    const [one, over] = [await opened(agent), await opened(agent)];
    await acted(agent, over, 'cancel', { reason: 'Twice.' });
    const input = {
      ...{ kind: 'relates', ticketId: over.id, type: 'incident', number: over.number },
      isConfidential: false,
    };
    const fact = {
      ...{ cause: randomUUID(), name: 'linked', input, actor: who(world, 'agent') },
      ...{ via: 'api' as const, occurredAt: toInstant(new Date()) },
    };
    const door = { organizationId: world.organizationId, ticketId: one.id, type: 'incident' };
    await settleFact(world.database, door, fact, world.kernel);
    expect(await typesOf(world, over.id)).not.toContain('linked');
    await swept();
    await swept();
    expect(await typesOf(world, over.id)).toEqual(['opened', 'cancelled', 'linked']);
    expect(await refusalsOf(world, over.id)).toEqual([]);
  });
});
