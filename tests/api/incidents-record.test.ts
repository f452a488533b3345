import { z } from 'zod';
import { openWorld, type World } from '../harness';
import {
  acted,
  each,
  invalidAt,
  listed,
  notFound,
  opened,
  refused,
  ticketOf,
  type Caller,
  type Ticket,
} from './incident';

let world: World;
let user: Caller;
let stranger: Caller;
let agent: Caller;
let colleague: Caller;
beforeAll(async () => {
  world = await openWorld();
  user = await world.as('user');
  stranger = await world.as('stranger');
  agent = await world.as('agent');
  colleague = await world.as('colleague');
});
afterAll(() => world.close());

const resolution = { code: 'solved', notes: 'Queue restarted.' };
const read = async (caller: Caller, { id }: Ticket) =>
  ticketOf(await caller.get(`/incidents/${id}`).expect(200));
const say = (caller: Caller, { id }: { id: string }, body: object) =>
  caller.post(`/incidents/${id}/comments`, body);
const types = (caller: Caller, { id }: Ticket) => each(caller, `/incidents/${id}/events`, 'type');

describe('a comment', () => {
  it('is 404 on what the caller cannot see', async () => {
    const ticket = await opened(user);
    expect(await refused(say(stranger, ticket, { body: 'Hello' }))).toEqual(notFound);
    expect(await refused(stranger.get(`/incidents/${ticket.id}/comments`))).toEqual(notFound);
  });

  it('is 403 when an end user wants it internal', async () => {
    const answer = await refused(say(user, await opened(user), { body: 'Psst', isPublic: false }));
    expect(answer).toEqual({ status: 403, code: 'forbidden' });
  });

  it.each<[object, string]>([
    [{}, '/body'],
    [{ body: '  ' }, '/body'],
    [{ body: 'x'.repeat(20_001) }, '/body'],
    [{ body: 'x', isPublic: 'no' }, '/isPublic'],
    [{ body: 'x', authorId: '0197d9f5-0000-7000-8000-00000000000a' }, '/authorId'],
  ])('is 422 with a pointer: %#', async (body, pointer) => {
    expect(await refused(say(agent, await opened(user), body))).toEqual(invalidAt(pointer));
  });

  it('is public unless it is said to be internal; an end user sees the public ones', async () => {
    const ticket = await opened(user);
    const first = await say(user, ticket, { body: ' Any news? ' }).expect(201);
    expect(first.body).toMatchObject({
      ...{ body: 'Any news?', isPublic: true, followUp: null },
      author: { id: world.id('person', 'user'), name: 'user' },
    });
    await say(agent, ticket, { body: 'Blame the cache', isPublic: false }).expect(201);
    await say(agent, ticket, { body: 'Soon.' }).expect(201);
    const path = `/incidents/${ticket.number}/comments`;
    expect(await each(user, path, 'body')).toEqual(['Any news?', 'Soon.']);
    expect(await each(agent, path, 'body')).toEqual(['Any news?', 'Blame the cache', 'Soon.']);
    expect(await each(agent, `${path}?filter[isPublic]=false`, 'body')).toEqual([
      'Blame the cache',
    ]);
    expect(await each(user, `${path}?filter[isPublic]=false`, 'body')).toEqual([]);
    const paged = await listed(agent, `${path}?limit=2&sort=-createdAt&count=true`);
    expect(paged).toMatchObject({
      total: 3,
      page: { hasMore: true },
      data: [{ body: 'Soon.' }, {}],
    });
  });

  it('of an agent to the requester stops the response clock; an internal one does not', async () => {
    const ticket = await opened(user);
    const Clocks = z.object({ data: z.array(z.object({ id: z.string(), state: z.string() })) });
    const state = async () => {
      const { data } = Clocks.parse((await agent.get(`/incidents/${ticket.id}/sla`)).body);
      return data.find(({ id }) => id === 'response')?.state;
    };
    await say(agent, ticket, { body: 'Looking', isPublic: false }).expect(201);
    expect(await state()).toBe('running');
    await say(agent, ticket, { body: 'We look into it.' }).expect(201);
    expect(await state()).toBe('stopped');
  });

  it('of the requester goes on after a customer hold and reopens what was resolved', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'start');
    await acted(agent, ticket, 'hold', { reason: 'customer', comment: 'Which printer?' });
    expect(await each(user, `/incidents/${ticket.id}/comments`, 'body')).toEqual([
      'Which printer?',
    ]);
    await say(user, ticket, { body: 'The red one.' }).expect(201);
    expect(await read(user, ticket)).toMatchObject({ state: 'inProgress', hold: null });
    await acted(agent, ticket, 'resolve', resolution);
    await say(user, ticket, { body: 'It is back.' }).expect(201);
    expect(await read(user, ticket)).toMatchObject({ state: 'inProgress', reopenCount: 1 });
  });

  it('of the requester on a closed incident opens a linked follow-up', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'resolve', resolution);
    await acted(user, ticket, 'close');
    const response = await say(user, ticket, { body: 'Broken again.' }).expect(201);
    const { followUp } = z
      .object({ followUp: z.object({ id: z.uuid(), number: z.string() }) })
      .parse(response.body);
    expect(await read(user, ticket)).toMatchObject({ state: 'closed' });
    expect((await user.get(`/incidents/${followUp.id}`)).body).toMatchObject({
      ...{ number: followUp.number, state: 'new', title: ticket['title'] },
      requester: { name: 'user' },
      description: expect.stringContaining('Broken again.') as string,
    });
    const links = await world.rows('select other_id from ticket_links where ticket_id = $1', [
      followUp.id,
    ]);
    expect(links).toEqual([{ other_id: ticket.id }]);
  });
});

describe('watchers', () => {
  const watch = (caller: Caller, { id }: Ticket, body: object = {}) =>
    caller.post(`/incidents/${id}/watchers`, body);

  it('cannot be added by whoever does not see it, nor by end users for others', async () => {
    const ticket = await opened(user);
    expect(await refused(watch(stranger, ticket))).toEqual(notFound);
    const userId = world.id('person', 'stranger');
    const forbidden = { status: 403, code: 'forbidden' };
    expect(await refused(watch(user, ticket, { userId }))).toEqual(forbidden);
    const path = `/incidents/${ticket.id}/watchers/${world.id('person', 'agent')}`;
    expect(await refused(user.delete(path))).toEqual(forbidden);
  });

  it('are 422 when they are nobody, or no id', async () => {
    const ticket = await opened(user);
    for (const userId of ['0197d9f5-0000-7000-8000-00000000000a', 'me']) {
      expect(await refused(watch(agent, ticket, { userId }))).toEqual(invalidAt('/userId'));
    }
  });

  it('see the incident, its public comments and events, and no longer when they are taken off', async () => {
    const ticket = await opened(user);
    await say(agent, ticket, { body: 'Blame the cache', isPublic: false }).expect(201);
    const userId = world.id('person', 'stranger');
    const added = await watch(agent, ticket, { userId }).expect(200);
    expect(added.body).toEqual({ data: [{ id: userId, name: 'stranger' }] });
    await watch(agent, ticket, { userId }).expect(200);
    expect(await read(stranger, ticket)).toMatchObject({ watcherCount: 1, allowed: [] });
    expect(await each(stranger, '/incidents', 'id')).toEqual([ticket.id]);
    expect(await each(stranger, `/incidents/${ticket.id}/comments`, 'body')).toEqual([]);
    await stranger.delete(`/incidents/${ticket.id}/watchers/${userId}`).expect(204);
    expect(await refused(stranger.get(`/incidents/${ticket.id}`))).toEqual(notFound);
    expect(await each(stranger, '/incidents', 'id')).toEqual([]);
    expect((await agent.get(`/incidents/${ticket.id}/watchers`)).body).toEqual({ data: [] });
  });

  it('may be oneself', async () => {
    const ticket = await opened(user);
    await watch(colleague, ticket).expect(200);
    expect((await user.get(`/incidents/${ticket.id}/watchers`)).body).toMatchObject({
      data: [{ name: 'colleague' }],
    });
  });

  it('can be taken off after they have left the house', async () => {
    const ticket = await opened(user);
    const userId = world.id('person', 'lead');
    await watch(agent, ticket, { userId }).expect(200);
    await world.rows('update users set is_active = false where id = $1', [userId]);
    await agent.delete(`/incidents/${ticket.id}/watchers/${userId}`).expect(204);
    await world.rows('update users set is_active = true where id = $1', [userId]);
  });
});

describe('the feed', () => {
  it('has for agents every version without a gap, for end users what is public', async () => {
    const ticket = await opened(user, { impact: 'high', urgency: 'high' });
    await acted(agent, ticket, 'start');
    await say(agent, ticket, { body: 'Blame the cache', isPublic: false }).expect(201);
    await say(agent, ticket, { body: 'We look into it.' }).expect(201);
    await acted(agent, ticket, 'prioritize', { impact: 'low' });
    await acted(agent, ticket, 'escalate', { kind: 'hierarchical', reason: 'Board' });
    await acted(agent, ticket, 'acknowledge');
    const last = await acted(agent, ticket, 'resolve', resolution);
    const path = `/incidents/${ticket.id}/events`;
    const versions = await each(agent, path, 'version');
    expect(versions).toEqual(Array.from({ length: last.version }, (_, n) => n + 1));
    const shown = await listed(user, path);
    expect(shown.data.every((event) => event['visibility'] === 'public')).toBe(true);
    expect(await types(user, ticket)).not.toContain('slaRetargeted');
    expect(await types(agent, ticket)).toEqual(
      expect.arrayContaining(['slaRetargeted', 'acknowledged']),
    );
    expect(JSON.stringify(shown)).not.toContain('cache');
    expect(await each(user, `${path}?filter[type]=acknowledged`, 'id')).toEqual([]);
  });

  it('says who did what, when, and what it changed', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'start');
    const { data } = await listed(user, `/incidents/${ticket.id}/events`);
    const me = { kind: 'person', id: world.id('person', 'agent'), name: 'agent' };
    expect(data[1]).toMatchObject({
      ...{ version: 2, type: 'started', actor: me, via: 'api', visibility: 'public' },
      data: { changes: { state: { from: 'new', to: 'inProgress' } } },
    });
    const names = ['id', 'seq', 'version', 'cause', 'type', 'actor', 'at', 'data'];
    expect(Object.keys(data[1] ?? {})).toEqual(expect.arrayContaining(names));
  });

  it('is 404 for a stranger and 422 for an unknown field', async () => {
    const { id } = await opened(user);
    expect(await refused(stranger.get(`/incidents/${id}/events`))).toEqual(notFound);
    const odd = agent.get(`/incidents/${id}/events?filter[colour]=red`);
    expect(await refused(odd)).toEqual(invalidAt('/query/filter/colour'));
  });
});

describe('agenda and clocks', () => {
  it('say what comes next, in the order of time', async () => {
    const ticket = await opened(user, { impact: 'high', urgency: 'high' });
    const path = `/incidents/${ticket.id}/agenda`;
    const Agenda = z.object({
      data: z.array(z.strictObject({ key: z.string(), at: z.iso.datetime(), what: z.string() })),
    });
    const { data } = Agenda.parse((await user.get(path).expect(200)).body);
    const opening = Date.parse(z.string().parse(ticket['openedAt']));
    const minutes = data.map(({ key, at }) => [key, (Date.parse(at) - opening) / 60_000]);
    expect(minutes).toEqual([
      ['sla.response.75', 11.25],
      ['sla.response.100', 15],
      ['sla.response.150', 22.5],
      ['sla.resolution.75', 180],
      ['sla.resolution.100', 240],
      ['sla.resolution.150', 360],
    ]);
    await acted(agent, ticket, 'cancel', { reason: 'Not needed.' });
    expect((await user.get(path)).body).toEqual({ data: [] });
  });

  it('say how the clocks stand now, and at any other instant', async () => {
    const ticket = await opened(user, { impact: 'high', urgency: 'high' });
    const opening = Date.parse(z.string().parse(ticket['openedAt']));
    const after = (seconds: number) => new Date(opening + seconds * 1_000).toISOString();
    const at = (seconds: number) => user.get(`/incidents/${ticket.id}/sla?at=${after(seconds)}`);
    const due = after(900);
    expect((await at(450)).body).toMatchObject({
      asOf: after(450),
      data: [
        {
          ...{ id: 'response', kind: 'SLA', metric: 'firstResponse', state: 'running' },
          ...{ targetSeconds: 900, elapsedSeconds: 450, remainingSeconds: 450, percent: 50 },
          ...{ dueAt: due, breached: false, breachedAt: null, breaches: [] },
        },
        { id: 'resolution', metric: 'resolution', targetSeconds: 14_400, breached: false },
      ],
    });
    expect((await at(901)).body).toMatchObject({ data: [{ breached: true, breachedAt: due }, {}] });
    const now = await user.get(`/incidents/${ticket.id}/sla`).expect(200);
    expect(now.body).toMatchObject({ data: [{ breached: false }, { breached: false }] });
  });

  it.each([
    'yesterday',
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '1900-01-01T00:00:00Z',
    '',
  ])('is 422 at %j', async (at) => {
    const { id } = await opened(user);
    expect(await refused(user.get(`/incidents/${id}/sla?at=${at}`))).toEqual(
      invalidAt('/query/at'),
    );
  });

  it.each(['agenda', 'sla'])('%s is 404 for a stranger', async (what) => {
    const { id, number } = await opened(user);
    expect(await refused(stranger.get(`/incidents/${id}/${what}`))).toEqual(notFound);
    expect(await refused(stranger.get(`/incidents/${number}/${what}`))).toEqual(notFound);
  });
});

describe('notifications', () => {
  it('tell whoever is concerned, once, and nobody what they did themselves', async () => {
    const ticket = await opened(user);
    const mine = async (caller: Caller) =>
      each(caller, `/me/notifications?filter[ticket]=${ticket.id}`, 'template');
    await acted(agent, ticket, 'assign', { assigneeId: world.id('person', 'colleague') });
    await say(colleague, ticket, { body: 'Blame the cache', isPublic: false }).expect(201);
    await say(user, ticket, { body: 'Any news?' }).expect(201);
    await acted(colleague, ticket, 'resolve', resolution);
    expect(await mine(user)).toEqual(['incident.resolved']);
    expect(await mine(colleague)).toEqual(['incident.commented', 'incident.assigned']);
    expect(await mine(agent)).toEqual([]);
    const { data } = await listed(user, `/me/notifications?filter[ticket]=${ticket.id}`);
    expect(data[0]).toMatchObject({
      ...{ isRead: false, subject: `${ticket.number} was resolved: No mail` },
      ticket: { id: ticket.id, type: 'incident', number: ticket.number },
    });
  });
});
