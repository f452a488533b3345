/** The list of tickets of all types: whoever reads it sees in it what the lists of the types show them. */
import { openWorld, type World } from '../harness';
import { each, listed, opened, type Caller } from './incident';
import { z } from 'zod';

let world: World;
let admin: Caller;
let agent: Caller;
let user: Caller;
beforeAll(async () => {
  world = await openWorld();
  admin = await world.as('admin');
  agent = await world.as('agent');
  user = await world.as('user');
  for (const caller of [user, agent]) {
    await opened(caller, { title: 'One' });
    const ticket = await opened(caller, { title: 'Two' });
    await caller.post(`/incidents/${ticket.id}/comments`, { body: 'x' }).expect(201);
  }
  const change = { title: 'Three', description: 'x' };
  await agent.post('/changes', change).expect(201);
  const hidden = await opened(admin, { title: 'Hidden', serviceId: world.id('service', 'Mail') });
  await admin.patch(`/incidents/${hidden.id}`, { isConfidential: true }).expect(200);
  const approvers = [{ kind: 'person', id: world.id('person', 'user') }];
  const question = { title: 'Four', description: 'x', approvers, mayApproveOwn: true };
  await agent.post('/approvals', question).expect(201);
});
afterAll(() => world.close());

const types = ['/incidents', '/changes', '/approvals'];

it('is the lists of the types together, for each who reads', async () => {
  for (const name of ['user', 'stranger', 'agent', 'colleague', 'manager', 'admin']) {
    const caller = await world.as(name);
    const apart = await Promise.all(types.map((path) => each(caller, `${path}?limit=200`, 'id')));
    const together = await each(caller, '/tickets?limit=200', 'id');
    expect([name, [...together].sort()]).toEqual([name, apart.flat().sort()]);
  }
});

it('shows what a ticket of every type has, and what the caller may do now', async () => {
  const { data } = await listed(agent, '/tickets?q=type==incident;title==Two&sort=number');
  const apart = await listed(agent, '/incidents?q=title==Two&sort=number');
  expect(data.length).toBeGreaterThan(0);
  expect(apart.data).toMatchObject(data);
});

it('is filtered by type, and by what all types have; sorted and paged over all', async () => {
  expect(await each(agent, '/tickets?filter[type]=change', 'title')).toEqual(['Three']);
  expect(await each(user, '/tickets?q=awaited==me', 'title')).toEqual(['Four']);
  const first = await listed(agent, '/tickets?limit=3&sort=openedAt&fields=openedAt');
  const cursor = String(first.page.nextCursor);
  const path = `/tickets?limit=200&sort=openedAt&fields=openedAt&cursor=${cursor}`;
  const all = [...first.data, ...(await listed(agent, path)).data].map((one) => one['openedAt']);
  expect(all).toEqual([...all].sort());
  expect(all).toEqual(await each(agent, '/tickets?limit=200&sort=openedAt', 'openedAt'));
  for (const query of ['filter[type]=poem', 'filter[colour]=red', 'fields=pendingReason']) {
    expect((await agent.get(`/tickets?${query}`)).status).toBe(422);
  }
});

it('shows a program the types that its scopes name', async () => {
  const wish = { name: 't', scopes: ['change:read', 'change:all'] };
  const { token } = z
    .object({ token: z.string() })
    .parse((await agent.post('/me/api-tokens', wish)).body);
  const program = {
    get: (path: string) => agent.get(path).set('authorization', `Bearer ${token}`),
  };
  expect(await each(program, '/tickets', 'title')).toEqual(['Three']);
});
