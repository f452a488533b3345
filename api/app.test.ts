import type { Express } from 'express';
import { pino } from 'pino';
import supertest from 'supertest';
import { z } from 'zod';
import type { Database } from '../models/database';
import { Refusal } from '../models/errors';
import type { Role } from '../models/users/actor';
import { permissionsIn, type Permission } from '../models/users/permissions';
import { keysInMemory } from '../tests/keys-in-memory';
import { createApp, type AppDeps } from './app';
import { createMailDesk } from './mail/desk';
import { accessTokens } from './auth/access-token';
import { defineRoute } from './http/route';

const secret = 'a secret of at least thirty-two characters';
const id = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
const bearing = {
  userId: id,
  sessionId: id,
  organizationId: '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c99',
};
const actor = {
  id,
  sessionId: id,
  organizationSlug: 'acme',
  name: 'Anna',
  email: 'anna@acme.example',
  role: 'agent' as const,
  isSuspended: false,
  duties: [],
  hasFreshFactor: true,
};

const Thing = z.object({ id: z.string(), title: z.string() });
const thing = { id, title: 'No network' };
let ran = 0;

const routes = [
  defineRoute({
    method: 'get',
    path: '/things/{id}',
    tag: 'Things',
    summary: 'Read a thing.',
    access: 'thing:read',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({
      fields: z
        .string()
        .transform((text) => text.split(','))
        .optional(),
    }),
    reply: { status: 200, description: 'The thing.', body: Thing },
    handle: () => Promise.resolve({ body: thing, revision: 7 }),
  }),
  defineRoute({
    method: 'get',
    path: '/things/first',
    tag: 'Things',
    summary: 'Read the first thing.',
    access: 'public',
    reply: { status: 200, description: 'Its name.', body: z.string() },
    handle: () => Promise.resolve({ body: 'first' }),
  }),
  defineRoute({
    method: 'post',
    path: '/things',
    tag: 'Things',
    summary: 'Make a thing.',
    access: 'thing:make',
    body: z.strictObject({ title: z.string().min(1), weight: z.number().optional() }),
    reply: { status: 201, description: 'Made.', body: Thing },
    handle: ({ body, request }) => {
      ran += 1;
      if (body.title === 'taken') throw new Refusal('conflict', 'There is one already.');
      const made = { id: request.commandId, title: body.title };
      return Promise.resolve({ body: made, revision: 1, location: `/api/v1/things/${id}` });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/things/{id}/actions/{command}',
    tag: 'Things',
    summary: 'Do something with a thing.',
    access: 'signedIn',
    params: z.strictObject({ id: z.uuid(), command: z.enum(['break', 'crash', 'wait']) }),
    reply: {
      status: 200,
      description: 'Done.',
      body: z.object({ ifMatch: z.number().nullable() }),
    },
    alsoReplies: [{ status: 202, description: 'Not decided yet.' }],
    handle: ({ params, request }) => {
      if (params.command === 'break') throw new Error('the password is hunter2');
      if (params.command === 'crash') throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
      if (request.ifMatch === 1) return Promise.resolve({ status: 202, location: '/commands/1' });
      return Promise.resolve({ body: { ifMatch: request.ifMatch ?? null } });
    },
  }),
];

function permissionsFrom(role: Role): Permission[] {
  const description = 'Something about things.';
  const things = ['thing:read', 'thing:make'].map((name) => ({ name, role, description }));
  return [...things, ...permissionsIn([])];
}

const noDatabase: Database = {
  inOrganization: () => Promise.reject(new Error('no database here')),
  inSnapshot: () => Promise.reject(new Error('no database here')),
  // All that is asked is who the bearer of a token is.
  once: <T>() => Promise.resolve([actor as T]),
  unscoped: () => Promise.reject(new Error('no database here')),
  poolUse: () => ({ open: 0, idle: 0, most: 0, waiting: 0 }),
  close: () => Promise.resolve(),
};

function app(deps: Partial<AppDeps> = {}): Express {
  return createApp({
    database: noDatabase,
    secret,
    logger: pino({ level: 'silent' }),
    desk: createMailDesk({ publicUrl: '', log: pino({ level: 'silent' }) }),
    permissions: permissionsFrom('agent'),
    readiness: () => Promise.resolve({ ready: true, parts: {} }),
    routes,
    idempotency: keysInMemory(),
    rates: { take: (_key, _seconds, amount) => Promise.resolve(amount) },
    verifyReplies: true,
    ...deps,
  });
}

let bearer = '';
beforeAll(async () => {
  bearer = `Bearer ${await accessTokens(secret).sign(bearing)}`;
});

const call = (deps: Partial<AppDeps> = {}) => {
  const agent = supertest.agent(app(deps));
  return agent.set('Authorization', bearer);
};

function expectProblem(response: supertest.Response, status: number, code: string) {
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect([response.status, response.body]).toEqual([
    status,
    expect.objectContaining({ status, code, requestId: response.headers['x-request-id'] }),
  ]);
}

const Issues = z.object({
  errors: z.array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() })),
});
const issuesOf = (response: supertest.Response) => Issues.parse(response.body).errors;

describe('who may come in', () => {
  it.each([
    ['no token', undefined],
    ['another scheme', 'Basic YTpi'],
    ['rubbish', 'Bearer rubbish'],
    ['two tokens', 'Bearer a b'],
  ])('nobody with %s: 401', async (_, header) => {
    const request = supertest(app()).get(`/api/v1/things/${id}`);
    const response = await (header === undefined ? request : request.set('Authorization', header));
    expectProblem(response, 401, 'unauthenticated');
    expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('nobody with a token of another secret', async () => {
    const foreign = await accessTokens('another secret, as long as the first one').sign(bearing);
    const response = await supertest(app())
      .get(`/api/v1/things/${id}`)
      .set('Authorization', `Bearer ${foreign}`);
    expectProblem(response, 401, 'unauthenticated');
  });

  it('nobody by a token in the address', async () => {
    const token = bearer.slice('Bearer '.length);
    const response = await supertest(app()).get(`/api/v1/things/${id}?access_token=${token}`);
    expectProblem(response, 401, 'unauthenticated');
  });

  it('nobody without the permission: 403', async () => {
    const response = await call({ permissions: permissionsFrom('admin') }).get(
      `/api/v1/things/${id}`,
    );
    expectProblem(response, 403, 'forbidden');
    expect(response.text).toContain('thing:read');
  });

  it('everybody to what is public', async () => {
    const response = await supertest(app()).get('/api/v1/things/first');
    expect(response.body).toBe('first');
  });

  it('nobody beyond the limit: 429 with the time to come back', async () => {
    const response = await call({ rates: { take: () => Promise.resolve(1_000_000) } }).get(
      `/api/v1/things/${id}`,
    );
    expectProblem(response, 429, 'rate_limited');
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
    expect(response.headers['ratelimit']).toMatch(/^"actor";r=0;t=\d+$/);
    expect(response.headers['ratelimit-policy']).toBe('"actor";q=60000;w=60');
  });
});

describe('what is asked for', () => {
  it('is answered with the revision as a strong ETag', async () => {
    const response = await call().get(`/api/v1/things/${id}`);
    expect(response.status).toBe(200);
    expect(response.body).toEqual(thing);
    expect(response.headers).toMatchObject({ etag: '"7"', 'cache-control': 'no-store' });
  });

  it('is never answered with 304: figures depend on the time', async () => {
    const response = await call().get(`/api/v1/things/${id}`).set('If-None-Match', '"7"');
    expect(response.status).toBe(200);
  });

  it('may be some fields only', async () => {
    const response = await call().get(`/api/v1/things/${id}?fields=title`);
    expect(response.body).toEqual({ title: 'No network' });
  });

  it('is 404 where nothing is', async () => {
    expectProblem(await call().get('/api/v1/nothing'), 404, 'not_found');
    expectProblem(await call().get('/nothing'), 404, 'not_found');
  });

  it('is 405 with the methods that there are', async () => {
    const response = await call().delete('/api/v1/things');
    expectProblem(response, 405, 'method_not_allowed');
    expect(response.headers['allow']).toBe('POST');
    const read = await call().put(`/api/v1/things/${id}`).send({});
    expect(read.headers['allow']).toBe('GET, HEAD');
  });

  it('is 422 with a pointer for a wrong path, query and body', async () => {
    const read = await call().get('/api/v1/things/x?colour=red');
    expectProblem(read, 422, 'invalid_input');
    expect(issuesOf(read).map((issue) => issue.pointer)).toEqual(['/path/id', '/query/colour']);
    const made = await call().post('/api/v1/things').send({ weight: 'x', colour: 'red' });
    expectProblem(made, 422, 'invalid_input');
    expect(issuesOf(made)).toEqual([
      { pointer: '/title', detail: 'is required', code: 'required' },
      expect.objectContaining({ pointer: '/weight' }),
      { pointer: '/colour', detail: 'is not a known field', code: 'unknown_field' },
    ]);
  });

  it('is 422 when a body comes where none is declared', async () => {
    const response = await call().post(`/api/v1/things/${id}/actions/wait`).send({ now: true });
    expectProblem(response, 422, 'invalid_input');
  });

  it.each([
    ['an address that is malformed', '/api/v1/things/%zz'],
    ['a query that is nested too deeply', `/api/v1/things/${id}?a[b][c][d][e][f]=1`],
  ])('is 400 for %s', async (_, address) => {
    expectProblem(await call().get(address), 400, 'invalid_request');
  });
});

describe('a body', () => {
  const post = () => call().post('/api/v1/things');

  it('that is no JSON is 400', async () => {
    const response = await post().set('Content-Type', 'application/json').send('{"title":');
    expectProblem(response, 400, 'invalid_request');
  });

  it('of another type is 415', async () => {
    const response = await post().set('Content-Type', 'text/plain').send('title');
    expectProblem(response, 415, 'unsupported_media_type');
  });

  it('larger than 1 MiB is 413', async () => {
    const response = await post().send({ title: 'x'.repeat(1_048_577) });
    expectProblem(response, 413, 'payload_too_large');
  });

  it('that is absent has no fields', async () => {
    expectProblem(await post(), 422, 'invalid_input');
  });

  it('is not read before the caller is admitted', async () => {
    const response = await supertest(app()).post('/api/v1/things').send('{"broken');
    expectProblem(response, 401, 'unauthenticated');
  });
});

describe('a failure', () => {
  it('tells nothing but the request id', async () => {
    const response = await call()
      .post(`/api/v1/things/${id}/actions/break`)
      .set('X-Request-Id', 'trace-1');
    expectProblem(response, 500, 'internal');
    expect(response.headers['x-request-id']).toBe('trace-1');
    expect(response.text).not.toContain('hunter2');
  });

  it('of a part that is away is 503 with the time to come back', async () => {
    const response = await call().post(`/api/v1/things/${id}/actions/crash`);
    expectProblem(response, 503, 'unavailable');
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('never echoes an odd request id', async () => {
    const response = await call().get('/nothing').set('X-Request-Id', 'a b<script>');
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('If-Match', () => {
  const act = (header: string) =>
    call().post(`/api/v1/things/${id}/actions/wait`).set('If-Match', header);

  it('reaches the handler as a revision', async () => {
    expect((await act('"7"')).body).toEqual({ ifMatch: 7 });
  });

  it('is 412 when weak and 400 when malformed', async () => {
    expectProblem(await act('W/"7"'), 412, 'stale_version');
    expectProblem(await act('seven'), 400, 'invalid_request');
  });
});

describe('an Idempotency-Key', () => {
  const deps = () => ({ idempotency: keysInMemory() });
  const make = (using: Partial<AppDeps>, title: string, key = 'k1') =>
    call(using).post('/api/v1/things').set('Idempotency-Key', key).send({ title });

  it('gives the repeat the same answer without doing the work again', async () => {
    const using = deps();
    const before = ran;
    const first = await make(using, 'a');
    const second = await make(using, 'a');
    expect(ran).toBe(before + 1);
    expect(second.text).toBe(first.text);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: `/api/v1/things/${id}`,
      etag: '"1"',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
  });

  it('gives the repeat of a refused request the same refusal', async () => {
    const using = deps();
    const first = await make(using, 'taken');
    const second = await make(using, 'taken');
    expect([first.status, second.status]).toEqual([409, 409]);
    expect(second.text).toBe(first.text);
    expect(second.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('is 422 with another body', async () => {
    const using = deps();
    await make(using, 'a');
    expectProblem(await make(using, 'b'), 422, 'idempotency_mismatch');
  });

  it('is 409 while the first request runs', async () => {
    const running = { kind: 'running', retryAfterSeconds: 9 } as const;
    const store = { ...keysInMemory(), begin: () => Promise.resolve(running) };
    const response = await make({ idempotency: store }, 'a');
    expectProblem(response, 409, 'idempotency_in_progress');
    expect(response.headers['retry-after']).toBe('9');
  });

  it('is 400 when it is malformed', async () => {
    expectProblem(await make(deps(), 'a', 'a b'), 400, 'invalid_request');
  });

  it('is not needed: each request is another command then', async () => {
    const using = deps();
    const first = await call(using).post('/api/v1/things').send({ title: 'a' });
    const second = await call(using).post('/api/v1/things').send({ title: 'a' });
    expect(Thing.parse(first.body).id).not.toBe(Thing.parse(second.body).id);
  });

  it('keeps no answer that is not decided yet', async () => {
    const using = deps();
    const act = () =>
      call(using)
        .post(`/api/v1/things/${id}/actions/wait`)
        .set('If-Match', '"1"')
        .set('Idempotency-Key', 'k2');
    expect((await act()).status).toBe(202);
    const second = await act();
    expect(second.status).toBe(202);
    expect(second.headers).not.toHaveProperty('idempotency-replayed');
  });
});

describe('the API page', () => {
  it('shows the document and loads nothing from elsewhere', async () => {
    const page = await supertest(app()).get('/api/docs/');
    expect(page.text).toContain('swagger-ui');
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    const script = await supertest(app()).get('/api/docs/swagger-initializer.js');
    expect(script.text).toContain('../openapi.json');
    expect((await supertest(app()).get('/api/docs')).headers['location']).toBe('/api/docs/');
    expect((await supertest(app()).get('/api/openapi.json')).text).toContain('/api/v1/things');
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  });
});

describe('a route', () => {
  it('is refused at start when its address and method are taken', () => {
    expect(() => app({ routes: [...routes, ...routes] })).toThrow(/declared twice/);
  });

  it('that replies something else than it declares is a failure under test', async () => {
    const wrong = defineRoute({
      method: 'get',
      path: '/wrong',
      tag: 'Things',
      summary: 'Reply without a body.',
      access: 'public',
      reply: { status: 200, description: 'A thing.', body: Thing },
      handle: () => Promise.resolve({}),
    });
    const response = await supertest(app({ routes: [wrong] })).get('/api/v1/wrong');
    expectProblem(response, 500, 'internal');
  });
});
