import { openWorld, type World } from '../harness';
import {
  bodyOf,
  acted,
  each,
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
beforeAll(async () => {
  world = await openWorld();
  user = await world.as('user');
  stranger = await world.as('stranger');
  agent = await world.as('agent');
});
afterAll(() => world.close());

const resolution = { code: 'solved', notes: 'Queue restarted.' };
const views = ['', '/actions', '/comments', '/watchers', '/events', '/agenda', '/sla', '/path'];
const sees = (caller: Caller, { id }: Ticket) =>
  each(caller, '/incidents', 'id').then((ids) => ids.includes(id));

describe('an end user', () => {
  it('sees what they are requester of, in every view, by id and by number', async () => {
    const ticket = await opened(agent, { requesterId: world.id('person', 'user') });
    for (const view of views) {
      await user.get(`/incidents/${ticket.id}${view}`).expect(200);
      await user.get(`/incidents/${ticket.number}${view}`).expect(200);
    }
    expect(await sees(user, ticket)).toBe(true);
  });

  it('sees what they opened, also when it is for somebody else', async () => {
    const ticket = await opened(user);
    await world.rows('update tickets set requester_id = $1 where id = $2', [
      world.id('person', 'lead'),
      ticket.id,
    ]);
    await user.get(`/incidents/${ticket.id}`).expect(200);
    expect(await sees(user, ticket)).toBe(true);
    expect(await refused(user.patch(`/incidents/${ticket.id}`, { title: 'x' }))).toMatchObject({
      status: 403,
    });
  });

  it('sees nothing of any other incident, by id or by number, and can do nothing to it', async () => {
    const ticket = await opened(user);
    for (const name of [ticket.id, ticket.number]) {
      for (const view of views) {
        expect(await refused(stranger.get(`/incidents/${name}${view}`))).toEqual(notFound);
      }
      const path = `/incidents/${name}`;
      expect(await refused(stranger.patch(path, { title: 'Mine' }))).toEqual(notFound);
      expect(await refused(stranger.post(`${path}/comments`, { body: 'x' }))).toEqual(notFound);
      expect(await refused(stranger.post(`${path}/watchers`))).toEqual(notFound);
      const me = world.id('person', 'stranger');
      expect(await refused(stranger.delete(`${path}/watchers/${me}`))).toEqual(notFound);
      const cancel = stranger.post(`${path}/actions/cancel`, { reason: 'x' });
      expect(await refused(cancel)).toEqual(notFound);
    }
    expect(
      await each(stranger, `/incidents?filter[number]=${ticket.number}&count=true`, 'id'),
    ).toEqual([]);
    expect(ticketOf(await user.get(`/incidents/${ticket.id}`))).toMatchObject({ version: 1 });
  });

  it('finds nothing of others by filter or count', async () => {
    await opened(user);
    const requester = world.id('person', 'user');
    for (const query of [`filter[requester]=${requester}`, `q=requester==${requester}`]) {
      const body = await bodyOf(stranger.get(`/incidents?${query}&count=true`).expect(200));
      expect(body).toMatchObject({ data: [], total: 0 });
    }
  });

  it('may cancel while it is new, and not later', async () => {
    const ticket = await opened(user);
    expect(ticket.allowed).toEqual(['cancel']);
    expect(await acted(user, ticket, 'cancel', { reason: 'Found it.' })).toMatchObject({
      state: 'cancelled',
      allowed: [],
    });
    const later = await opened(user);
    await acted(agent, later, 'start');
    expect(ticketOf(await user.get(`/incidents/${later.id}`)).allowed).toEqual([]);
    const answer = await refused(
      user.post(`/incidents/${later.id}/actions/cancel`, { reason: 'x' }),
    );
    expect(answer.status).toBe(409);
  });

  it('may close or reopen what was resolved for them, and only then', async () => {
    const [one, other] = [await opened(user), await opened(user)];
    for (const ticket of [one, other]) {
      const early = user.post(`/incidents/${ticket.id}/actions/close`);
      expect(await refused(early)).toMatchObject({ status: 409, allowed: ['cancel'] });
      await acted(agent, ticket, 'resolve', resolution);
    }
    const { allowed } = ticketOf(await user.get(`/incidents/${one.id}`));
    expect([...allowed].sort()).toEqual(['close', 'reopen']);
    expect(await acted(user, one, 'close')).toMatchObject({ state: 'closed' });
    const back = await acted(user, other, 'reopen', { reason: 'Still broken.' });
    expect(back).toMatchObject({ state: 'inProgress', allowed: [] });
  });

  it('who only watches may do nothing to it', async () => {
    const ticket = await opened(user);
    const userId = world.id('person', 'stranger');
    await agent.post(`/incidents/${ticket.id}/watchers`, { userId }).expect(200);
    await acted(agent, ticket, 'resolve', resolution);
    const close = stranger.post(`/incidents/${ticket.id}/actions/close`);
    expect(await refused(close)).toMatchObject({ status: 403, code: 'forbidden', allowed: [] });
  });

  it('hears of no internal note: not in comments, events, notifications or the incident', async () => {
    const ticket = await opened(user);
    const userId = world.id('person', 'stranger');
    await agent.post(`/incidents/${ticket.id}/watchers`, { userId }).expect(200);
    const secret = 'S3cr3t';
    await agent
      .post(`/incidents/${ticket.id}/comments`, { body: secret, isPublic: false })
      .expect(201);
    for (const caller of [user, stranger]) {
      const paths = [...views.map((view) => `/incidents/${ticket.id}${view}`), '/me/notifications'];
      for (const path of paths) expect((await caller.get(path)).text).not.toContain(secret);
      const counted = await caller.get(`/incidents/${ticket.id}/comments?count=true`);
      expect(counted.body).toMatchObject({ total: 0 });
      expect(
        await each(caller, '/me/notifications?filter[template]=incident.commented', 'id'),
      ).toEqual([]);
    }
  });
});

describe('an agent', () => {
  it('sees every incident of the organization', async () => {
    const ticket = await opened(user);
    for (const view of views) await agent.get(`/incidents/${ticket.id}${view}`).expect(200);
    expect(await sees(agent, ticket)).toBe(true);
  });
});
