/** Links between tickets: made and ended from both ends, by whoever may edit both, seen by whoever may see both. */
import supertest from 'supertest';
import { z } from 'zod';
import type { LinkKind } from '../../models/tickets/links';
import { openWorld, type World } from '../harness';
import { acted, invalidAt, notFound, opened, refused, type Caller, type Ticket } from './incident';

let world: World;
let admin: Caller;
let agent: Caller;
let user: Caller;
beforeAll(async () => {
  world = await openWorld();
  [admin, agent, user] = [await world.as('admin'), await world.as('agent'), await world.as('user')];
});
afterAll(() => world.close());

const Link = z.looseObject({ kind: z.string(), ticket: z.looseObject({ number: z.string() }) });
const Links = z.object({ data: z.array(Link) });

const link = (by: Caller, from: Ticket, kind: LinkKind, to: Ticket) =>
  by.post(`/incidents/${from.number}/links`, { kind, ticketId: to.id });
const unlink = (by: Caller, from: Ticket, kind: LinkKind, to: Ticket) =>
  by.delete(`/incidents/${from.id}/links/${kind}/${to.number}`);
const linksOf = async (by: Pick<Caller, 'get'>, ticket: Ticket) => {
  const { data } = Links.parse((await by.get(`/incidents/${ticket.id}/links`).expect(200)).body);
  return data.map(({ kind, ticket: { number } }) => [kind, number]);
};
const lines = (ticket: Ticket) =>
  world.rows(
    `select type, data ->> 'kind' as kind, actor ->> 'name' as by from ticket_events
      where ticket_id = $1 and type in ('linked', 'unlinked') order by version`,
    [ticket.id],
  );
const some = (n: number) => Promise.all(Array.from({ length: n }, () => opened(user)));
const pair = async () => (await some(2)) as [Ticket, Ticket];
const conflict = { status: 409, code: 'conflict' };

describe('a link', () => {
  it('is read from both ends, with a line in both feeds by whoever made and ended it', async () => {
    const [one, other] = await pair();
    const made = await link(agent, one, 'causes', other).expect(201);
    expect(made.body).toMatchObject({
      kind: 'causes',
      ticket: { number: other.number, type: 'incident', state: 'new', isOpen: true },
    });
    expect(await linksOf(agent, one)).toEqual([['causes', other.number]]);
    expect(await linksOf(agent, other)).toEqual([['causedBy', one.number]]);
    expect((await agent.get(`/incidents/${other.id}`)).body).toMatchObject({
      links: [{ kind: 'causedBy', ticket: { id: one.id } }],
    });
    await unlink(agent, other, 'causedBy', one).expect(204);
    expect([await linksOf(agent, one), await linksOf(agent, other)]).toEqual([[], []]);
    const by = 'agent';
    expect(await lines(one)).toEqual([
      { type: 'linked', kind: 'causes', by },
      { type: 'unlinked', kind: 'causes', by },
    ]);
    expect(await lines(other)).toEqual([
      { type: 'linked', kind: 'causedBy', by },
      { type: 'unlinked', kind: 'causedBy', by },
    ]);
    const owed = await world.rows(`select id from engine_outbox where name = 'fact'`);
    expect(owed).toEqual([]);
  });

  it('goes between types, and to tickets that are over, found by number', async () => {
    const over = await opened(user);
    await acted(agent, over, 'cancel', { reason: 'Twice.' });
    const plan = { title: 'New filter', description: 'For mail.', kind: 'normal' };
    const change = z
      .looseObject({ id: z.string(), number: z.string() })
      .parse((await agent.post('/changes', plan).expect(201)).body);
    await agent
      .post(`/changes/${change.id}/links`, { kind: 'causes', number: over.number })
      .expect(201);
    expect(await linksOf(agent, over)).toEqual([['causedBy', change.number]]);
    expect(await lines(over)).toEqual([{ type: 'linked', kind: 'causedBy', by: 'agent' }]);
  });

  it('that is repeated with the same key is made once', async () => {
    const [one, other] = await pair();
    const send = () =>
      link(agent, one, 'relates', other).set('idempotency-key', `key-${one.id}`).expect(201);
    const first = await send();
    await world.rows(
      `update idempotency_keys set status = null, headers = null, body = null, lease_until = now()
        where key = $1`,
      [`key-${one.id}`],
    );
    expect((await send()).text).toBe(first.text);
    expect(await lines(other)).toHaveLength(1);
  });
});

describe('no link', () => {
  it('is to itself, to what is not there, or to what the caller does not see', async () => {
    const [one, other] = await pair();
    const network = world.id('team', 'Network');
    await acted(admin, other, 'assign', { teamId: network });
    await admin.patch(`/incidents/${other.id}`, { isConfidential: true }).expect(200);
    const nobody = { ...other, id: '00000000-0000-4000-8000-000000000000' };
    expect(await refused(link(agent, one, 'blocks', one))).toEqual(invalidAt('/ticketId'));
    expect(await refused(link(agent, one, 'blocks', nobody))).toEqual(invalidAt('/ticketId'));
    expect(await refused(link(agent, one, 'blocks', other))).toEqual(invalidAt('/ticketId'));
    const without = agent.post(`/incidents/${one.id}/links`, { kind: 'blocks' });
    expect((await refused(without)).status).toBe(422);
    expect(await refused(unlink(agent, one, 'blocks', other))).toEqual(notFound);
    expect(await lines(one)).toEqual([]);
  });

  it('is made or ended by whoever may not edit both', async () => {
    const [one, other] = await pair();
    expect(await refused(link(user, one, 'blocks', other))).toMatchObject({ code: 'forbidden' });
    await link(agent, one, 'blocks', other).expect(201);
    expect(await refused(unlink(user, one, 'blocks', other))).toMatchObject({ code: 'forbidden' });
  });

  it('is made twice, from whichever end', async () => {
    const [one, other] = await pair();
    await link(agent, one, 'relates', other).expect(201);
    expect(await refused(link(agent, other, 'relates', one))).toEqual(conflict);
    await link(agent, one, 'blocks', other).expect(201);
    expect(await refused(link(agent, other, 'blockedBy', one))).toEqual(conflict);
    expect(await refused(unlink(agent, one, 'causes', other))).toEqual(notFound);
  });

  it.each<[LinkKind, LinkKind]>([
    ['blocks', 'blockedBy'],
    ['parent', 'child'],
    ['duplicates', 'duplicatedBy'],
  ])('of %s closes a circle', async (kind, inverse) => {
    const [one, other, third] = (await some(3)) as [Ticket, Ticket, Ticket];
    await link(agent, one, kind, other).expect(201);
    await link(agent, third, inverse, other).expect(201);
    expect(await refused(link(agent, third, kind, one))).toEqual(conflict);
    expect(await refused(link(agent, one, inverse, third))).toEqual(conflict);
  });

  it('gives a ticket two parents or two originals', async () => {
    const [one, other, third] = (await some(3)) as [Ticket, Ticket, Ticket];
    await link(agent, one, 'parent', other).expect(201);
    expect(await refused(link(agent, third, 'child', one))).toEqual(conflict);
  });

  it('closes a circle together with another one at the same moment', async () => {
    const rounds = Array.from({ length: 8 }, async () => {
      const [one, other] = await pair();
      const both = await Promise.all([
        link(agent, one, 'blocks', other),
        link(agent, other, 'blocks', one),
      ]);
      return both.map(({ status }) => status).sort();
    });
    for (const statuses of await Promise.all(rounds)) expect(statuses).toEqual([201, 409]);
  });
});

describe('links', () => {
  it('are shown as far as the reader may see the other ticket by themselves', async () => {
    const [one, other] = await pair();
    const hidden = await opened(await world.as('stranger'));
    await link(agent, one, 'relates', other).expect(201);
    await link(agent, one, 'relates', hidden).expect(201);
    expect(await linksOf(agent, one)).toHaveLength(2);
    expect(await linksOf(user, one)).toEqual([['relates', other.number]]);
    await agent
      .post(`/incidents/${hidden.id}/watchers`, { userId: world.id('person', 'user') })
      .expect(200);
    expect(await linksOf(user, one)).toHaveLength(2);
    expect((await user.get(`/incidents/${one.id}/events`)).text).not.toContain('linked');
  });

  it('do not tell a program of types that it may not read', async () => {
    const one = await opened(user);
    const plan = { title: 'New filter', description: 'For mail.', kind: 'normal' };
    const change = z
      .looseObject({ id: z.string() })
      .parse((await agent.post('/changes', plan).expect(201)).body);
    await agent
      .post(`/incidents/${one.id}/links`, { kind: 'causedBy', ticketId: change.id })
      .expect(201);
    const programWith = async (...scopes: string[]) => {
      const token = z
        .object({ token: z.string() })
        .parse((await agent.post('/me/api-tokens', { name: 't', scopes })).body).token;
      const get = (path: string) =>
        supertest(world.app).get(`/api/v1${path}`).set('authorization', `Bearer ${token}`);
      return linksOf({ get }, one);
    };
    const incidents = ['incident:read', 'incident:all'];
    expect(await programWith(...incidents)).toEqual([]);
    expect(await programWith(...incidents, 'change:read')).toHaveLength(1);
  });
});

describe('a blocker', () => {
  it('forbids to resolve what it blocks until it has ended', async () => {
    const [one, other] = await pair();
    await link(agent, one, 'blockedBy', other).expect(201);
    const resolution = { code: 'solved', notes: 'Restarted.' };
    const attempt = await agent.post(`/incidents/${one.id}/actions/resolve`, resolution);
    expect([attempt.status, attempt.text.includes(other.number)]).toEqual([409, true]);
    await acted(agent, other, 'resolve', resolution);
    expect(await acted(agent, one, 'resolve', resolution)).toMatchObject({ state: 'resolved' });
  });

  it('that is confidential is not named, neither in the refusal nor in the feed', async () => {
    const [one, other] = await pair();
    await acted(admin, other, 'assign', { teamId: world.id('team', 'Network') });
    await admin.patch(`/incidents/${other.id}`, { isConfidential: true }).expect(200);
    await link(admin, one, 'blockedBy', other).expect(201);
    const resolution = { code: 'solved', notes: 'Restarted.' };
    const attempt = await agent.post(`/incidents/${one.id}/actions/resolve`, resolution);
    expect(attempt.status).toBe(409);
    const events = await agent.get(`/incidents/${one.id}/events`);
    for (const { text } of [attempt, events]) {
      for (const word of [other.number, other.id]) expect(text).not.toContain(word);
    }
    expect(await linksOf(agent, one)).toEqual([]);
  });
});
