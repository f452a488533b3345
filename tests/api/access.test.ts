/** Who may call what, asked of every operation that the document names. */
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { operationsOf, type Operation } from './operations';

/** What is open to everybody. */
const open = [
  'post /auth/forgot-password',
  'post /auth/login',
  'post /auth/logout',
  'post /auth/refresh',
  'post /auth/reset-password',
  'post /auth/second-factor',
  'post /setup',
];

/** What everybody who is signed in may call, and what they are shown follows from who they are. */
const signedIn = [
  'delete /views/{id}',
  'get /boards',
  'get /boards/{id}',
  'get /calendars',
  'get /calendars/{id}',
  'get /calendars/{id}/holidays',
  'get /categories',
  'get /categories/{id}',
  'get /commands/{id}',
  'get /freezes',
  'get /freezes/{id}',
  'get /fulfilment-activities',
  'get /holiday-countries',
  'get /locations',
  'get /locations/{id}',
  'get /maintenance-windows',
  'get /maintenance-windows/{id}',
  'get /me',
  'get /organization',
  'get /permissions',
  'get /processes',
  'get /processes/{type}',
  'get /processes/{type}/diagram',
  'get /search',
  'get /services',
  'get /services/{id}',
  'get /sla-policies',
  'get /sla-policies/{id}',
  'get /sla-policies/{id}/versions',
  'get /tags',
  'get /teams',
  'get /teams/{id}',
  'get /tickets',
  'get /users',
  'get /users/{id}',
  'get /views',
  'get /views/counts',
  'get /views/{id}',
  'get /views/{id}/tickets',
  'patch /views/{id}',
  'post /calendars/preview',
  'post /calendars/{id}/preview',
  'post /views',
];

let world: World;
let operations: Operation[];
beforeAll(async () => {
  world = await openWorld({ worker: false });
  operations = await operationsOf(world.app);
});
afterAll(() => world.close());

const somewhere = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
const call = ({ method, path }: Operation, token?: string) => {
  const address = `/api/v1${path.replaceAll(/\{\w+\}/g, somewhere)}`;
  const request = supertest(world.app)[method](address);
  return token === undefined ? request : request.set('authorization', `Bearer ${token}`);
};
const Made = z.object({ token: z.string() });
const Problem = z.object({ code: z.string() });
const answerTo = async (operation: Operation, token?: string) => {
  const answer = await call(operation, token);
  return [operation.name, answer.status, Problem.parse(answer.body).code];
};

it('the document names what is open to everybody, and to everybody who is signed in', () => {
  const named = (access: string) =>
    operations
      .filter((one) => one.access === access)
      .map(({ name }) => name)
      .sort();
  expect(named('public')).toEqual(open);
  expect(named('signedIn')).toEqual(signedIn);
});

it('everything else is 401 without a token', async () => {
  const closed = operations.filter(({ access }) => access !== 'public');
  expect(closed.length).toBeGreaterThan(80);
  for (const operation of closed) {
    expect(await answerTo(operation)).toEqual([operation.name, 401, 'unauthenticated']);
  }
});

it('what needs a permission is 403 for an administrator whose token lacks just that one', async () => {
  const admin = await world.as('admin');
  const me = z.object({ permissions: z.array(z.string()) }).parse((await admin.get('/me')).body);
  const guarded = operations.filter(({ access }) => access.includes(':'));
  expect(guarded.length).toBeGreaterThan(50);
  for (const access of new Set(guarded.map((one) => one.access))) {
    const scopes = me.permissions.filter((name) => name !== access);
    const { token } = Made.parse((await admin.post('/me/api-tokens', { name: 't', scopes })).body);
    for (const operation of guarded.filter((one) => one.access === access)) {
      expect(await answerTo(operation, token)).toEqual([operation.name, 403, 'forbidden']);
    }
  }
});

it('what only people may call is 403 for a program that holds everything', async () => {
  const admin = await world.as('admin');
  const me = z.object({ permissions: z.array(z.string()) }).parse((await admin.get('/me')).body);
  const wish = { name: 't', scopes: me.permissions };
  const { token } = Made.parse((await admin.post('/me/api-tokens', wish)).body);
  const own = operations.filter(({ access }) => access === 'person');
  expect(own.length).toBeGreaterThan(5);
  for (const operation of own) {
    expect(await answerTo(operation, token)).toEqual([operation.name, 403, 'forbidden']);
  }
});
