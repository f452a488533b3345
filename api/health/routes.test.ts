import express from 'express';
import { pino } from 'pino';
import supertest from 'supertest';
import type { Readiness } from '../../engine/health';
import { bearerAuthentication } from '../auth/bearer';
import type { Actor } from '../../models/users/actor';
import { beginCall } from '../http/call';
import { healthRoutes } from './routes';

const since = '2026-11-23T09:00:00.000Z';
const parts = { database: { ok: true, since, detail: 'holdfast_app on a host' } };

function ask(readiness: () => Promise<Readiness>) {
  const app = express();
  const authenticate = bearerAuthentication((token) => Promise.resolve(people.get(token)));
  app.use(beginCall(pino({ level: 'silent' })), healthRoutes({ readiness, authenticate }));
  return supertest(app);
}

const people = new Map<string, Actor>();

function bearerOf(role: 'admin' | 'manager') {
  const id = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
  const organization = { organizationId: id, organizationSlug: 'acme' };
  const session = { sessionId: id, duties: [], hasFreshFactor: true };
  people.set(role, { id, ...organization, ...session, name: 'Anna', email: 'a@b', role });
  return `Bearer ${role}`;
}

describe('GET /health/live', () => {
  it('is 200 as long as the process answers', async () => {
    const never = () => Promise.reject(new Error('the database is away'));
    expect((await ask(never).get('/health/live')).status).toBe(200);
  });
});

describe('GET /health/ready', () => {
  it.each([
    [true, 200],
    [false, 503],
  ])('ready %s is %i; each part says whether it is well', async (ready, status) => {
    const response = await ask(() => Promise.resolve({ ready, parts })).get('/health/ready');
    expect(response.status).toBe(status);
    expect(response.body).toEqual({ ready, parts: { database: { ok: true } } });
  });

  it('is 503 when nobody can tell', async () => {
    const response = await ask(() => Promise.reject(new Error('x'))).get('/health/ready');
    expect([response.status, response.body]).toEqual([503, { ready: false, parts: {} }]);
  });

  it.each<['admin' | 'manager', object]>([
    ['admin', parts],
    ['manager', { database: { ok: true } }],
  ])('tells details to an administrator only: %s', async (role, shown) => {
    const response = await ask(() => Promise.resolve({ ready: true, parts }))
      .get('/health/ready')
      .set('Authorization', bearerOf(role));
    expect(response.body).toEqual({ ready: true, parts: shown });
  });

  it('still answers to a token that is not valid', async () => {
    const response = await ask(() => Promise.resolve({ ready: true, parts }))
      .get('/health/ready')
      .set('Authorization', 'Bearer rubbish');
    expect(response.status).toBe(200);
  });
});
