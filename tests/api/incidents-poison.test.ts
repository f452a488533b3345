import { connect } from 'node:net';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, password, type World } from '../harness';
import {
  bodyOf,
  acted,
  aReport,
  invalidAt,
  notFound,
  opened,
  refused,
  type Caller,
  type Ticket,
} from './incident';

let world: World;
let user: Caller;
let agent: Caller;
let ticket: Ticket;
let token: string;
let server: Server;
beforeAll(async () => {
  world = await openWorld();
  user = await world.as('user');
  agent = await world.as('agent');
  ticket = await opened(user);
  const login = await supertest(world.app)
    .post('/api/v1/auth/login')
    .send({ email: `agent@${world.slug}.example`, password });
  token = z.object({ accessToken: z.string() }).parse(login.body).accessToken;
  server = createServer(world.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});
/** Whatever was sent, the service goes on and the ticket is as it was. */
afterEach(async () => {
  await agent.get(`/incidents/${ticket.id}`).expect(200);
});

/** A body as it is, unparsed and unchecked on our side. */
const raw = (path: string, text: string, type = 'application/json') =>
  supertest(world.app)
    .post(`/api/v1${path}`)
    .set({ authorization: `Bearer ${token}`, 'content-type': type })
    .send(text);
const report = (change: object) => JSON.stringify({ ...aReport, ...change });
const unreadable = { status: 400, code: 'invalid_request' };

/** The first line and the code of an answer to an address that no client library would send. */
function knock(target: string): Promise<{ status: number; code: string | undefined }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => {
      const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
      socket.write(`${head}Connection: close\r\n\r\n`);
    });
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve({ status: Number(text.slice(9, 12)), code: /"code":"(\w+)"/.exec(text)?.[1] });
    });
  });
}

describe('a poisoned body', () => {
  it('of 2 MB is 413', async () => {
    const answer = await refused(raw('/incidents', report({ description: 'x'.repeat(2_000_000) })));
    expect(answer).toEqual({ status: 413, code: 'payload_too_large' });
  });

  it('of 30,000 characters in one field is 422', async () => {
    const long = 'x'.repeat(30_000);
    const open = raw('/incidents', report({ description: long }));
    expect(await refused(open)).toEqual(invalidAt('/description'));
    const comment = raw(`/incidents/${ticket.id}/comments`, JSON.stringify({ body: long }));
    expect(await refused(comment)).toEqual(invalidAt('/body'));
    const resolve = JSON.stringify({ code: 'solved', notes: long });
    expect(await refused(raw(`/incidents/${ticket.id}/actions/resolve`, resolve))).toEqual(
      invalidAt('/notes'),
    );
  });

  it.each(['{', '{"title":', '{"a":1,}', "{'a':1}", 'title=x', '\u0000', '{"a":NaN}'])(
    'that is no JSON is 400: %j',
    async (text) => {
      expect(await refused(raw('/incidents', text))).toEqual(unreadable);
    },
  );

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'rubbish'])(
    'of type %s is 415',
    async (type) => {
      const answer = await refused(raw('/incidents', report({}), type));
      expect(answer).toEqual({ status: 415, code: 'unsupported_media_type' });
    },
  );

  it.each(['[]', '[{}]', '"text"', '7', 'null', 'true'])(
    'that is no object is 422: %s',
    async (text) => {
      expect(await refused(raw('/incidents', text))).toEqual(invalidAt(''));
    },
  );

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'id', 'organizationId', 'state'])(
    'with a member %s is 422',
    async (name) => {
      const text = report({}).replace(/}$/, `,"${name}":{"isAdmin":true}}`);
      expect(await refused(raw('/incidents', text))).toEqual(invalidAt(`/${name}`));
      expect({}).not.toHaveProperty('isAdmin');
    },
  );

  it.each<[string, object]>([
    ['/title', { title: { text: 'x' } }],
    ['/title', { title: ['x'] }],
    ['/title', { title: null }],
    ['/title', { title: 1e308 }],
    ['/serviceId', { serviceId: "' or 1=1 --" }],
    ['/serviceId', { serviceId: 1 }],
    ['/requesterId', { requesterId: [] }],
    ['/impact', { impact: '__proto__' }],
  ])('of wrong types is 422 at %s: %j', async (pointer, change) => {
    expect(await refused(raw('/incidents', report(change)))).toEqual(invalidAt(pointer));
  });

  it('with the character U+0000 is 422, wherever it stands', async () => {
    expect(await refused(raw('/incidents', report({ title: 'a\u0000b' })))).toEqual(
      invalidAt('/title'),
    );
    const comment = raw(`/incidents/${ticket.id}/comments`, JSON.stringify({ body: '\u0000' }));
    expect(await refused(comment)).toMatchObject({ status: 422 });
    expect(await refused(user.get('/incidents?filter[title]=a%00b'))).toMatchObject({
      status: 422,
    });
    expect(await refused(user.get('/incidents/a%00b'))).toMatchObject({ status: 422 });
  });

  it.each(['\\ud800', '\\udc00 alone', 'half \\ud83d of a face'])(
    'with half a character is 422: %s',
    async (half) => {
      const open = report({ title: 'X' }).replace('"X"', `"${half}"`);
      expect(await refused(raw('/incidents', open))).toEqual(invalidAt('/title'));
      const comment = raw(`/incidents/${ticket.id}/comments`, `{"body":"${half}"}`);
      expect(await refused(comment)).toEqual(invalidAt('/body'));
      const reason = raw(`/incidents/${ticket.id}/actions/cancel`, `{"reason":"${half}"}`);
      expect(await refused(reason)).toEqual(invalidAt('/reason'));
    },
  );

  it('with whole characters of any kind is kept as it is', async () => {
    const title = '😀 \u202eالبريد ‏ñ \u{10ffff} <script>"\'`$1 %s {{x}}';
    expect(await opened(user, { title })).toMatchObject({ title });
  });

  it.each([
    ['lists', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['a list in a field', `{"title":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ])('of %s nested without end is 4xx', async (_, text) => {
    const { status } = await refused(raw('/incidents', text));
    expect([400, 422]).toContain(status);
  });

  it.each([1e308, -1, 0, 2.5, 6, '3', 99_999_999_999_999_999_999n.toString()])(
    'with the absurd level %s is 422',
    async (level) => {
      const escalate = `/incidents/${ticket.id}/actions/escalate`;
      const body = JSON.stringify({ kind: 'hierarchical', reason: 'x', level });
      const answer = await refused(raw(escalate, body));
      expect(answer).toMatchObject({ status: 422 });
      expect(answer.pointers).toContain('/level');
    },
  );
});

describe('a hold until an absurd instant', () => {
  const hold = (id: string, until: unknown) =>
    agent.post(`/incidents/${id}/actions/hold`, { reason: 'scheduled', until });

  it.each([
    '2001-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '9999-12-31T23:59:59-14:00',
    '0000-01-01T00:00:00Z',
    'tomorrow',
    1e308,
    null,
  ])('is 422: %j', async (until) => {
    expect(await refused(hold(ticket.id, until))).toEqual(invalidAt('/until'));
  });

  it('in the year 9999 holds for that long, and the incident goes on', async () => {
    const far = await opened(user);
    await hold(far.id, '9999-12-31T23:59:59Z').expect(200);
    expect(await acted(agent, far, 'resume')).toMatchObject({ state: 'assigned', hold: null });
    expect(await acted(agent, far, 'resolve', { code: 'solved', notes: 'x' })).toMatchObject({
      state: 'resolved',
    });
  });
});

describe('a poisoned query', () => {
  it.each([
    "filter[title]=' or 1=1 --",
    "filter[title]=x'; drop table tickets; --",
    'filter[title]=$1',
    `q=title=="x' or '1'=='1"`,
    'filter[title]=%25%5C_',
    'filter[title][in]=%27%29%3B--,%22',
  ])('that looks like SQL finds nothing and does nothing: %s', async (query) => {
    const body = await bodyOf(agent.get(`/incidents?${query}`).expect(200));
    expect(body).toMatchObject({ data: [] });
  });

  it.each([
    'filter[openedAt][gt]=0000-01-01',
    'filter[openedAt][gt]=0000-01-01T00:00:00Z',
    'filter[openedAt][lt]=9999-12-31T23:59:59-14:00',
    'filter[openedAt][lt]=9999-12-31',
    'q=openedAt=gt=0000-01-01',
    'filter[dueAt][in]=0000-01-01,2026-01-01',
    'filter[title][in]=' + 'x,'.repeat(199) + 'x',
  ])('of absurd but well-formed values is answered or refused: %s', async (query) => {
    const { status } = await agent.get(`/incidents?${query}`);
    expect([200, 422]).toContain(status);
  });

  it.each(['999999999999999', '-999999999999999', '2147483648'])(
    'of the absurd number %s finds nothing',
    async (number) => {
      const path = `/incidents/${ticket.id}/events?filter[version]=${number}`;
      expect((await agent.get(path).expect(200)).body).toMatchObject({ data: [] });
    },
  );

  it.each([
    ['filter[__proto__]=x', 400],
    ['filter[%5f_proto__][eq]=x', 400],
    ['filter[constructor][prototype]=x', 422],
    ['__proto__[isAdmin]=true', 400],
    ['filter=x', 422],
    ['filter[state][eq][eq][eq][eq][eq]=new', 400],
    ['filter[title][in]=' + 'x,'.repeat(300), 422],
    ['sort=' + 'openedAt,'.repeat(20), 422],
    ['q=' + '('.repeat(1_500), 422],
    ['q=' + 'x'.repeat(2_001), 422],
    [Array.from({ length: 300 }, (_, n) => `a${n}=1`).join('&'), 400],
    ['limit=1e99', 422],
    ['limit=NaN', 422],
    ['limit=-1', 422],
    ['cursor=' + 'x'.repeat(2_001), 422],
    ['cursor=..', 400],
    ['cursor=e30.e30', 400],
    ['sort=openedAt&sort=dueAt', 422],
    ['count=true&count=true', 422],
    ['fields=__proto__', 422],
  ])('is refused: %s', async (query, status) => {
    expect(await refused(agent.get(`/incidents?${query}`))).toMatchObject({ status });
    expect({}).not.toHaveProperty('isAdmin');
  });

  it('of 100 KB is refused before it is read', async () => {
    const { status } = await knock(`/api/v1/incidents?q=${'x'.repeat(100_000)}`);
    expect(status).toBe(431);
  });
});

describe('a poisoned address', () => {
  it.each([
    '/api/v1/incidents/%2e%2e/users',
    '/api/v1/incidents/%2e%2e%2fusers',
    '/api/v1/incidents/..%5cusers',
    '/api/v1/../v1/incidents/x',
    '/api/v1//incidents//x',
    '/api/v1/incidents/INC0000001%27--',
    "/api/v1/incidents/'or'1'='1",
    '/api/v1/incidents/%F0%9F%98%80',
    '/api/docs/%2e%2e/%2e%2e/package.json',
    '/api/docs/../../package.json',
  ])('is 404: %s', async (target) => {
    expect(await knock(target)).toMatchObject({ status: 404 });
  });

  it.each(['/api/v1/incidents/%', '/api/v1/incidents/%E0%A4%A', '/api/v1/incidents/%ff'])(
    'is 400 when it is malformed: %s',
    async (target) => {
      expect(await knock(target)).toEqual({ status: 400, code: 'invalid_request' });
    },
  );

  it('with a very long id is 422', async () => {
    const long = 'x'.repeat(5_000);
    for (const view of ['', '/comments', '/events', '/agenda', '/sla', '/actions']) {
      expect(await refused(agent.get(`/incidents/${long}${view}`))).toEqual(invalidAt('/path/id'));
    }
    expect(await refused(agent.get(`/incidents/${'x'.repeat(60)}`))).toEqual(notFound);
  });
});

describe('a poisoned header', () => {
  it.each(['Bearer', 'Bearer null', 'Basic YTpi', 'Bearer a b', `Bearer ${'x'.repeat(8_000)}`])(
    'is 401: %#',
    async (authorization) => {
      const call = supertest(world.app).get('/api/v1/incidents').set({ authorization });
      expect(await refused(call)).toEqual({ status: 401, code: 'unauthenticated' });
    },
  );
});
