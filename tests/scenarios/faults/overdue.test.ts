import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { anyFreePort } from '../../../scripts/stack/ports';
import { decided, inWorld, openedIncident, promise, recorded, feedOf, typesOf } from './record';
import type { Caller, Ticket } from './record';

const withoutWorker = { worker: false };
const solved = { code: 'solved', notes: 'Done' };

describe('deadlines that nobody acts on in time', () => {
  it.concurrent(
    'a resolve that waited behind a breach stands after it; the breach is true to its instant',
    () =>
      inWorld(withoutWorker, async (world) => {
        await promise(world, { response: 1, resolution: 2 });
        const agent = await world.as('agent');
        const ticket = await openedIncident(await world.as('user'));
        const dueAt = await resolutionDueAt(agent, ticket);
        await pause(Date.parse(dueAt) + 200 - Date.now());
        const asked = decided(agent, `/incidents/${ticket.id}/actions/resolve`, solved);
        await pause(500);
        await world.startWorker();
        expect(await asked).toMatchObject({ status: 200, body: { state: 'resolved' } });
        const feed = await feedOf(world, ticket.id);
        const breach = feed.find(({ cause }) => cause.startsWith('sla.resolution.100@'));
        const resolved = feed.find(({ type }) => type === 'resolved');
        expect(breach).toMatchObject({ type: 'slaBreached', at: new Date(dueAt) });
        expect(breach?.version).toBeLessThan(resolved?.version ?? 0);
        expect(resolved?.at.getTime()).toBeGreaterThan(Date.parse(dueAt));
        expect(await resolution(agent, ticket)).toMatchObject({
          breached: true,
          breachedAt: dueAt,
        });
      }),
  );

  it.concurrent('a resolve that came in time and was decided after the breach withdraws it', () =>
    inWorld({}, async (world) => {
      await promise(world, { response: 60, resolution: 4 });
      const away = await world.anotherFront({
        temporalAddress: `127.0.0.1:${await anyFreePort()}`,
      });
      const [agent, early] = [await world.as('agent'), await away.as('agent')];
      const ticket = await openedIncident(await world.as('user'));
      const key = randomUUID();
      const resolve = (caller: Caller) =>
        caller.post(`/incidents/${ticket.id}/actions/resolve`, solved).set('idempotency-key', key);
      await resolve(early).expect(202);
      await recorded(world, ticket.id, { type: 'slaBreached' });
      expect(await resolution(agent, ticket)).toMatchObject({ breached: true });
      const answer = await resolve(agent).expect(200);
      const feed = await feedOf(world, ticket.id);
      expect(feed.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['slaBreached', 'resolved', 'slaBreachWithdrawn']),
      );
      expect(feed.at(-1)?.type).toBe('slaBreachWithdrawn');
      expect(await resolution(agent, ticket)).toMatchObject({ breached: false, breaches: [] });
      const { resolvedAt } = z.object({ resolvedAt: z.string() }).parse(answer.body);
      expect(feed.find(({ type }) => type === 'resolved')?.at.toISOString()).toBe(resolvedAt);
      await away.close();
    }),
  );

  it.concurrent(
    'no worker across a P1 breach: reads tell it at once, the record later, of the highest step alone',
    () =>
      inWorld(withoutWorker, async (world) => {
        await promise(world, { response: 600, resolution: 2 });
        const agent = await world.as('agent');
        const ticket = await openedIncident(await world.as('user'));
        const dueAt = await resolutionDueAt(agent, ticket);
        const [before, after] = [-1, 1].map((s) => new Date(Date.parse(dueAt) + s * 1_000));
        const readAt = (at: Date | undefined) => resolution(agent, ticket, at?.toISOString());
        expect(await readAt(before)).toMatchObject({ breached: false, breachedAt: null });
        expect(await readAt(after)).toMatchObject({ breached: true, breachedAt: dueAt });
        // Beyond 150 %, too: by then all steps are overdue.
        await pause(Date.parse(dueAt) + 1_500 - Date.now());
        expect(await resolution(agent, ticket)).toMatchObject({
          breached: true,
          breachedAt: dueAt,
        });
        expect(await typesOf(world, ticket.id)).toEqual(['opened']);
        await world.startWorker();
        const feed = await recorded(world, ticket.id, { type: 'slaEscalated' });
        const breach = feed.find(({ type }) => type === 'slaBreached');
        expect(breach?.at.toISOString()).toBe(dueAt);
        expect(await resolution(agent, ticket)).toMatchObject({
          breached: true,
          breachedAt: dueAt,
        });
        const told = await world.rows(
          `select recipient_id as id, template from notifications
          where ticket_id = $1 and template like 'incident.sla%'`,
          [ticket.id],
        );
        const id = world.id('person', 'manager');
        expect(told).toEqual([{ id, template: 'incident.slaEscalation' }]);
      }),
  );

  it.concurrent('from P2 to P1 and back: the same deadlines again', () =>
    inWorld({}, async (world) => {
      const agent = await world.as('agent');
      const ticket = await openedIncident(await world.as('user'), { urgency: 'medium' });
      const before = await deadlines(agent, ticket);
      const path = `/incidents/${ticket.id}/actions/prioritize`;
      const up = await agent.post(path, { urgency: 'high' }).expect(200);
      expect([ticket['priority'], (up.body as Ticket)['priority']]).toEqual(['P2', 'P1']);
      const between = await deadlines(agent, ticket);
      expect(Date.parse(between.resolution)).toBe(Date.parse(before.resolution) - 4 * 3_600_000);
      const back = await agent.post(path, { urgency: 'medium' }).expect(200);
      expect((back.body as Ticket)['priority']).toBe('P2');
      expect(await deadlines(agent, ticket)).toEqual(before);
      const types = await typesOf(world, ticket.id);
      expect(types.filter((type) => type === 'slaRetargeted')).toHaveLength(4);
    }),
  );
});

const Clock = z.looseObject({ id: z.string(), dueAt: z.string().nullable() });

async function clocks(caller: Caller, { id }: Ticket, at?: string) {
  const query = at === undefined ? '' : `?at=${at}`;
  const answer = await caller.get(`/incidents/${id}/sla${query}`).expect(200);
  return z.object({ data: z.array(Clock) }).parse(answer.body).data;
}

async function resolution(caller: Caller, ticket: Ticket, at?: string) {
  return (await clocks(caller, ticket, at)).find(({ id }) => id === 'resolution');
}

async function resolutionDueAt(caller: Caller, ticket: Ticket): Promise<string> {
  return z.string().parse((await resolution(caller, ticket))?.dueAt);
}

/** When both clocks are due, and everything on the agenda with its instant. */
async function deadlines(caller: Caller, ticket: Ticket) {
  const answer = await caller.get(`/incidents/${ticket.id}/agenda`).expect(200);
  const { data } = z
    .object({ data: z.array(z.object({ key: z.string(), at: z.string() })) })
    .parse(answer.body);
  return {
    resolution: await resolutionDueAt(caller, ticket),
    agenda: data.map(({ key, at }) => [key, at]),
  };
}
