import supertest, { type Response } from 'supertest';
import { z } from 'zod';
import { composeApp } from '../../api/compose';
import { defaultLimits } from '../../api/http/admission';
import { openEngine } from '../../engine/client';
import { anyFreePort } from '../../scripts/stack/ports';
import { processes } from '../../workflows/registry';
import { eventually, openWorld, password, secret, type World } from '../harness';
import { bodyOf, refused } from './incident';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const ready = (app = world.app) => supertest(app).get('/health/ready');
const live = (app = world.app) => supertest(app).get('/health/live');
const appWith = (parts: Partial<Parameters<typeof composeApp>[0]>) => {
  const { database, engine, log } = world;
  return composeApp({ database, engine, processes, secret, log, ...parts });
};

const SignedIn = z.object({ accessToken: z.string() });
async function bearer(door: ReturnType<typeof supertest>, login: object): Promise<string> {
  const answer = await bodyOf(door.post('/api/v1/auth/login').send(login));
  return `Bearer ${SignedIn.parse(answer).accessToken}`;
}

describe('health', () => {
  it('is not ready without a worker: that part says so', async () => {
    const response = await ready().expect(503);
    expect(response.body).toEqual({
      ready: false,
      parts: {
        database: { ok: true },
        temporal: { ok: true },
        worker: { ok: false },
        outbox: { ok: true },
      },
    });
    await live().expect(200, { status: 'live' });
  });

  it('tells the reason to administrators only', async () => {
    const detail = async (name: string) => {
      const login = { email: `${name}@${world.slug}.example`, password };
      return ready().set('authorization', await bearer(supertest(world.app), login));
    };
    const since = expect.any(String) as unknown;
    const reason = 'no worker polls the task queue';
    const said = { parts: { worker: { ok: false, since, detail: reason } } };
    expect((await detail('admin')).body).toMatchObject(said);
    expect((await detail('manager')).body).not.toMatchObject(said);
  });

  it('is ready with a worker', async () => {
    await world.startWorker();
    const answer = await eventually('ready', async () => {
      const response: Response = await ready();
      return response.status === 200 ? response : undefined;
    });
    expect(answer.body).toMatchObject({ ready: true, parts: { worker: { ok: true } } });
    await live().expect(200);
    await world.stopWorker();
  });

  it('is alive but not ready while the engine is away', async () => {
    const address = `127.0.0.1:${await anyFreePort()}`;
    const engine = openEngine({ address, namespace: 'default', taskQueue: 'none' });
    const app = appWith({ engine });
    const body = await bodyOf(ready(app).expect(503));
    const away = { ok: false };
    expect(body).toMatchObject({ parts: { database: { ok: true }, temporal: away, worker: away } });
    await live(app).expect(200);
    await engine.close();
  });

  it('is not ready when the outbox is not emptied', async () => {
    await world.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name, created_at)
       values ($1, gen_random_uuid(), 'stuck', 'signal', 'look', now() - interval '5 minutes')`,
      [world.organizationId],
    );
    const body = await bodyOf(ready().expect(503));
    expect(body).toMatchObject({ parts: { database: { ok: true }, outbox: { ok: false } } });
    await world.rows(`delete from engine_outbox where id = 'stuck'`);
  });
});

describe('the limit of an actor', () => {
  it('is 429 with the time to come back, whichever process is asked, and leaves others alone', async () => {
    const perActor = { name: 'few', quota: 3, windowSeconds: 86_400 };
    const limits = { ...defaultLimits, perActor };
    const door = supertest(appWith({ options: { limits } }));
    const other = supertest(appWith({ options: { limits } }));
    const header = async (name: string) => {
      const login = { email: `${name}@${world.slug}.example`, password };
      return bearer(door, login);
    };
    const [agent, colleague] = [await header('agent'), await header('colleague')];
    for (const which of [door, other, door]) {
      await which.get('/api/v1/incidents').set('authorization', agent).expect(200);
    }
    const late = await other.get('/api/v1/incidents').set('authorization', agent);
    expect(await refused(Promise.resolve(late))).toEqual({ status: 429, code: 'rate_limited' });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect(late.headers['ratelimit-policy']).toBe('"few";q=3;w=86400');
    await other.get('/api/v1/incidents').set('authorization', colleague).expect(200);
    await live().expect(200);
  });
});
