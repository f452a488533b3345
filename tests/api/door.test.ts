/** What the door lets in from browsers and through proxies, and that no secret gets into what is kept of it. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import supertest from 'supertest';
import { z } from 'zod';
import { composeApp } from '../../api/compose';
import type { Network } from '../../api/http/network';
import { secretNames } from '../../log';
import { processes } from '../../workflows/registry';
import { openWorld, password, secret, type World } from '../harness';

const lines: string[] = [];
let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const home = 'https://desk.acme.example';

/** The application with a log that can be read, and this much of the network let in. */
function doorTo(network: Network) {
  const into = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const log = pino({ level: 'trace', redact: secretNames }, into);
  const { database, engine } = world;
  return supertest(composeApp({ database, engine, processes, secret, log, options: { network } }));
}

describe('a page of another origin', () => {
  const door = () => doorTo({ origins: [home], proxies: [] });

  it('may call when it is on the list, and is shown the headers that it needs', async () => {
    const asked = await door()
      .options('/api/v1/incidents')
      .set({ origin: home, 'access-control-request-method': 'POST' });
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': home,
      'access-control-allow-headers': expect.stringContaining('Idempotency-Key') as string,
    });
    const answer = await door().get('/api/v1/me').set('origin', home);
    expect(answer.headers['access-control-expose-headers']).toContain('ETag');
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('is not named when it is not, nor where the list is empty', async () => {
    const from = (network: Network) =>
      doorTo(network).get('/api/v1/me').set('origin', 'https://evil.example');
    for (const origins of [[home], []]) {
      const { headers } = await from({ origins, proxies: [] });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});

describe('what a proxy says of the caller', () => {
  const usedFrom = async (network: Network) => {
    const login = { email: `agent@${world.slug}.example`, password };
    const signedIn = await doorTo(network)
      .post('/api/v1/auth/login')
      .set('x-forwarded-for', '203.0.113.7')
      .send(login);
    expect(signedIn.status).toBe(200);
    const [row] = await world.rows('select address from sessions order by created_at desc limit 1');
    return row?.['address'];
  };

  it('counts when the proxy is trusted, and is a lie of anybody else', async () => {
    expect(await usedFrom({ origins: [], proxies: ['127.0.0.1', '::1'] })).toBe('203.0.113.7');
    expect(await usedFrom({ origins: [], proxies: [] })).toMatch(/127\.0\.0\.1$/);
    expect(await usedFrom({ origins: [], proxies: ['10.0.0.0/8'] })).toMatch(/127\.0\.0\.1$/);
  });
});

it('no password, token, code or cookie gets into the log or the kept answers', async () => {
  const door = doorTo({ origins: [], proxies: [] });
  const post = (path: string, body: object, bearer?: string) =>
    door
      .post(`/api/v1${path}`)
      .set({ cookie: 'session=c00kie', 'idempotency-key': `k${path}` })
      .set(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` })
      .send(body);
  const email = `admin@${world.slug}.example`;
  const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });
  const signedIn = Tokens.parse((await post('/auth/login', { email, password })).body);
  const bearer = signedIn.accessToken;
  const words = ['Wr0ng-password!', 'N3w-password!!', 'An0ther-word!!'];
  await post('/auth/login', { email, password: words[0] });
  await post('/me/change-password', { currentPassword: words[0], newPassword: words[1] }, bearer);
  const person = { name: 'New', email: `new@${world.slug}.example`, password: words[2] };
  expect((await post('/users', person, bearer)).status).toBe(201);
  const wish = { name: 'monitor', scopes: ['incident:read'] };
  const made = z
    .object({ token: z.string() })
    .parse((await post('/me/api-tokens', wish, bearer)).body);
  await door.get('/api/v1/incidents').set('authorization', `Bearer ${made.token}`);
  await post('/auth/second-factor', { challenge: 'ch4llenge-text', code: '731946' });
  await post('/auth/refresh', { refreshToken: signedIn.refreshToken });
  await post('/auth/reset-password', { token: 'l1nk-token-text', newPassword: words[1] });

  const kept = JSON.stringify(await world.rows('select * from idempotency_keys'));
  const audit = JSON.stringify(await world.rows('select * from audit_events'));
  expect(lines.length).toBeGreaterThan(8);
  for (const word of [
    ...[password, ...words, bearer, signedIn.refreshToken, made.token, 'c00kie'],
    ...['ch4llenge-text', '731946', 'l1nk-token-text'],
  ]) {
    for (const text of [lines.join(), kept, audit]) expect(text).not.toContain(word);
  }
});
