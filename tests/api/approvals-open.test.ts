/** Rounds of approval that cannot be opened, and why. */
import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, password, type World } from '../harness';
import { invalidAt, refused, type Caller } from './incident';

let world: World;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  agent = await world.as('agent');
});
afterAll(() => world.close());

it.each<[string, object, string[]]>([
  ['nobody is asked', { approvers: [] }, ['/approvers']],
  ['a kind is unknown', { approvers: [{ kind: 'moon', id: 'x' }] }, ['/approvers/0/kind']],
  ['none is enough', { quorum: { kind: 'count', n: 0 } }, ['/quorum/n']],
  ['more than all', { quorum: { kind: 'percent', percent: 101 } }, ['/quorum/percent']],
  ['no time at all', { expiresInHours: 0 }, ['/expiresInHours']],
  ['a subject that is not there', { subjectId: randomUUID() }, ['/subjectId']],
  [
    'a person who is not there',
    { approvers: [{ kind: 'person', id: randomUUID() }] },
    ['/approvers/0/id'],
  ],
  [
    'a team that is not there',
    { approvers: [{ kind: 'team', id: randomUUID() }] },
    ['/approvers/0/id'],
  ],
  ['somebody barred who is not there', { barredIds: [randomUUID()] }, ['/barredIds/0']],
  ['a member that is unknown', { isAdmin: true }, ['/isAdmin']],
  ['too much is shown', { shown: { plan: 'x'.repeat(100_001) } }, ['/shown']],
])('%s', async (_, change, pointers) => {
  const approvers = [{ kind: 'role', id: 'manager' }];
  const given = { title: 'T', description: 'D', approvers, ...change };
  expect(await refused(agent.post('/approvals', given))).toEqual(invalidAt(...pointers));
});

it('what is nested without end is refused, and the service goes on', async () => {
  const login = await supertest(world.app)
    .post('/api/v1/auth/login')
    .send({ email: `agent@${world.slug}.example`, password });
  const { accessToken } = z.object({ accessToken: z.string() }).parse(login.body);
  const head = '{"title":"T","description":"D","approvers":[{"kind":"role","id":"manager"}]';
  for (const depth of [2_000, 20_000, 200_000]) {
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    const answer = await supertest(world.app)
      .post('/api/v1/approvals')
      .set({ authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' })
      .send(`${head},"shown":{"plan":${deep}}}`);
    expect([400, 422]).toContain(answer.status);
  }
  await agent.get('/approvals').expect(200);
});

it('people who open for themselves only do not open for others', async () => {
  const user = await world.as('user');
  const approvers = [{ kind: 'role', id: 'manager' }];
  const given = { title: 'T', description: 'D', approvers };
  expect(await refused(user.post('/approvals', given))).toMatchObject({ code: 'forbidden' });
});
