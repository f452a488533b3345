import { openWorld, type World } from '../harness';
import {
  bodyOf,
  acted,
  aReport,
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
let other: Awaited<ReturnType<World['neighbour']>>;
let agent: Caller;
let foreignAgent: Caller;
let foreign: Ticket;
let own: Ticket;
beforeAll(async () => {
  world = await openWorld();
  other = await world.neighbour();
  agent = await world.as('admin');
  foreignAgent = await other.as('agent');
  own = await opened(agent);
  foreign = await opened(foreignAgent, { title: 'S3cr3t of globex' });
  foreign = await acted(foreignAgent, foreign, 'start');
  // A number that is not taken in the first organization.
  foreign = await opened(foreignAgent, { title: 'S3cr3t of globex' });
});
afterAll(() => world.close());

const views = ['', '/actions', '/comments', '/watchers', '/events', '/agenda', '/sla', '/path'];

describe('another organization', () => {
  it('has the same numbers for other incidents', async () => {
    const body = await bodyOf(foreignAgent.get(`/incidents/${own.number}`).expect(200));
    expect(body).not.toMatchObject({ id: own.id });
  });

  it('has incidents that nobody else can read, even an administrator', async () => {
    for (const name of [foreign.id, foreign.number]) {
      for (const view of views) {
        expect(await refused(agent.get(`/incidents/${name}${view}`))).toEqual(notFound);
      }
    }
  });

  it('has incidents that nobody else can change', async () => {
    const path = `/incidents/${foreign.id}`;
    expect(await refused(agent.patch(path, { title: 'Ours' }))).toEqual(notFound);
    for (const [command, input] of [
      ['start', {}],
      ['assign', { teamId: null }],
      ['resolve', { code: 'solved', notes: 'x' }],
      ['cancel', { reason: 'x' }],
    ] as const) {
      expect(await refused(agent.post(`${path}/actions/${command}`, input))).toEqual(notFound);
    }
    expect(await refused(agent.post(`${path}/comments`, { body: 'x' }))).toEqual(notFound);
    expect(await refused(agent.post(`${path}/watchers`))).toEqual(notFound);
    const me = world.id('person', 'admin');
    expect(await refused(agent.delete(`${path}/watchers/${me}`))).toEqual(notFound);
    expect(ticketOf(await foreignAgent.get(path))).toMatchObject(foreign);
  });

  it('has commands that nobody else can ask for', async () => {
    const id = '0197d9f5-0000-7000-8000-0000000000aa';
    await world.rows(
      `insert into pending_commands (organization_id, id, actor_id, ticket_id, name, received_at)
       values ($1, $2, $3, $4, 'start', now())`,
      [other.organizationId, id, other.id('person', 'agent'), foreign.id],
    );
    expect(await refused(agent.get(`/commands/${id}`))).toEqual(notFound);
    expect((await foreignAgent.get(`/commands/${id}`)).status).toBe(200);
  });

  it.each(['users', 'teams', 'services', 'categories'] as const)(
    'has %s that nobody else can list or read',
    async (path) => {
      const ids = await each(foreignAgent, `/${path}`, 'id');
      const ours = await each(agent, `/${path}`, 'id');
      expect(ids.length).toBeGreaterThan(0);
      expect(ours.filter((id) => ids.includes(id))).toEqual([]);
      expect(await refused(agent.get(`/${path}/${String(ids[0])}`))).toEqual(notFound);
    },
  );

  it.each(['requester', 'openedBy', 'assignee', 'team', 'service', 'category'] as const)(
    'leaves nothing to a filter by its %s',
    async (field) => {
      const ids: Record<typeof field, string> = {
        requester: other.id('person', 'agent'),
        openedBy: other.id('person', 'agent'),
        assignee: other.id('person', 'agent'),
        team: other.id('team', 'Service desk'),
        service: other.id('service', 'Mail'),
        category: other.id('category', 'Software'),
      };
      for (const query of [`filter[${field}]=${ids[field]}`, `q=${field}==${ids[field]}`]) {
        const found = await listed(agent, `/incidents?${query}&count=true`);
        expect(found).toMatchObject({ data: [], total: 0 });
      }
    },
  );

  it('leaves nothing to any other list, filter or count', async () => {
    const texts = [
      await agent.get('/incidents?limit=200&count=true'),
      await agent.get(`/incidents?filter[title]=${encodeURIComponent('S3cr3t of globex')}`),
      await agent.get(`/users?filter[id]=${other.id('person', 'agent')}`),
      await agent.get(`/teams?filter[lead]=${other.id('person', 'lead')}`),
      await agent.get(`/me/notifications?filter[ticket]=${foreign.id}`),
    ].map(({ text }) => text);
    for (const text of texts) {
      for (const leak of ['globex', foreign.id, other.slug, other.organizationId]) {
        expect(text).not.toContain(leak);
      }
    }
    expect(await listed(agent, '/incidents?count=true')).toMatchObject({ total: 1 });
  });

  it('gives cursors that open nothing elsewhere', async () => {
    const { page } = await listed(foreignAgent, '/incidents?limit=1');
    const call = agent.get(`/incidents?limit=1&cursor=${page.nextCursor ?? ''}`);
    expect(await refused(call)).toEqual({ status: 400, code: 'invalid_request' });
  });

  it.each([
    ['requesterId', () => other.id('person', 'user')],
    ['serviceId', () => other.id('service', 'Mail')],
    ['categoryId', () => other.id('category', 'Software')],
  ] as const)('is unknown to an opening: %s', async (field, id) => {
    const answer = await refused(agent.post('/incidents', { ...aReport, [field]: id() }));
    expect(answer).toEqual(invalidAt(`/${field}`));
  });

  it.each([
    ['assign', 'assigneeId', () => ({ assigneeId: other.id('person', 'agent') })],
    ['assign', 'teamId', () => ({ teamId: other.id('team', 'Network') })],
    ['classify', 'serviceId', () => ({ serviceId: other.id('service', 'Mail') })],
    ['classify', 'categoryId', () => ({ categoryId: other.id('category', 'Hardware') })],
    ['escalate', 'teamId', () => ({ kind: 'functional', teamId: other.id('team', 'Network') })],
  ] as const)('is unknown to a command: %s with its %s', async (command, field, input) => {
    const call = agent.post(`/incidents/${own.id}/actions/${command}`, input());
    expect(await refused(call)).toEqual(invalidAt(`/${field}`));
    expect(ticketOf(await agent.get(`/incidents/${own.id}`)).version).toBe(1);
  });

  it('is unknown to the list of watchers', async () => {
    const userId = other.id('person', 'user');
    const call = agent.post(`/incidents/${own.id}/watchers`, { userId });
    expect(await refused(call)).toEqual(invalidAt('/userId'));
    await agent.delete(`/incidents/${own.id}/watchers/${userId}`).expect(204);
    expect((await agent.get(`/incidents/${own.id}/watchers`)).body).toEqual({ data: [] });
  });

  it('does not share Idempotency-Keys', async () => {
    const key = 'the same in both';
    const send = (caller: Caller) =>
      caller.post('/incidents', aReport).set('idempotency-key', key.replaceAll(' ', '-'));
    const [one, two] = [await send(agent).expect(201), await send(foreignAgent).expect(201)];
    expect(ticketOf(one).id).not.toBe(ticketOf(two).id);
    expect(two.headers).not.toHaveProperty('idempotency-replayed');
  });

  it('hears nothing of what happens here', async () => {
    const userId = world.id('person', 'user');
    const ticket = await opened(agent, { title: 'Ours alone' });
    await agent.post(`/incidents/${ticket.id}/watchers`, { userId }).expect(200);
    await agent.post(`/incidents/${ticket.id}/comments`, { body: 'Ours alone' }).expect(201);
    await acted(agent, ticket, 'declareMajor', { reason: 'Ours alone' });
    for (const name of ['admin', 'manager', 'lead', 'agent', 'user']) {
      const caller = await other.as(name);
      for (const path of ['/me/notifications', '/incidents']) {
        expect((await caller.get(path).expect(200)).text).not.toContain('Ours alone');
      }
    }
  });
});
