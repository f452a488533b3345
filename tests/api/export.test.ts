/** An administrator takes a copy of the organization: whole, of one instant, and in no hurry. */
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import supertest from 'supertest';
import { z } from 'zod';
import { eventually, openWorld, password, type World } from '../harness';

const path = '/api/v1/organization/actions/export';
const crowd = 120_000;
const mebibyte = 2 ** 20;

let world: World;
let server: Server;
let token: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  await world.neighbour();
  await world.rows(
    `insert into users (organization_id, id, email, name, role, title)
     select $1, gen_random_uuid(), 'p' || n || '@crowd.example', 'Person ' || n, 'end_user', repeat('x', 400)
       from generate_series(1, $2::int) n`,
    [world.organizationId, crowd],
  );
  server = world.app.listen(0, '127.0.0.1');
  token = await tokenOf('admin');
});
afterAll(async () => {
  server.close();
  await world.close();
});

async function tokenOf(name: string): Promise<string> {
  const email = `${name}@${world.slug}.example`;
  const answer = await supertest(world.app).post('/api/v1/auth/login').send({ email, password });
  return z.object({ accessToken: z.string() }).parse(answer.body).accessToken;
}

const ask = (by = token) =>
  supertest(world.app).post(path).set('authorization', `Bearer ${by}`).send({});

/** The answer as it comes; whoever reads it does so at their own pace. */
function begin(): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    request({ port, path, method: 'POST', headers }, resolve).on('error', reject).end();
  });
}

async function linesOf(answer: IncomingMessage) {
  const counts: Record<string, number> = {};
  let rest = '';
  let last: unknown;
  let bytes = 0;
  for await (const chunk of answer) {
    const text = rest + String(chunk);
    bytes += String(chunk).length;
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const table = /"table" : "(\w+)"/.exec(line)?.[1];
      if (table !== undefined) counts[table] = (counts[table] ?? 0) + 1;
    }
    last = lines.at(-1) ?? last;
  }
  return {
    counts,
    last: z.object({ end: z.literal(true), rows: z.int() }).parse(JSON.parse(String(last))),
    bytes,
  };
}

describe('a copy of an organization', () => {
  it('is for administrators who have just proved who they are, and is on record', async () => {
    expect((await ask(await tokenOf('manager'))).status).toBe(403);
    await world.rows(`update sessions set factor_at = now() - interval '6 minutes'`);
    expect((await ask()).body).toMatchObject({ status: 403, code: 'step_up_required' });
    await world.rows(`update sessions set factor_at = now()`);
    const done = await world.rows(
      `select 1 from audit_events where action = 'organization.exported'`,
    );
    expect(done).toEqual([]);
  });

  it('holds up nobody, waits for a slow reader, and is whole', async () => {
    const answer = await begin();
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    answer.pause();
    expect((await ask()).status).toBe(409);
    const before = heldBytes();
    const slowest = await slowestRead(1_500);
    expect(heldBytes() - before).toBeLessThan(40 * mebibyte);
    const { counts, last, bytes } = await linesOf(answer);
    expect(bytes).toBeGreaterThan(80 * mebibyte);
    expect(slowest).toBeLessThan(500);
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect([counts['users'], counts['organizations'], all]).toEqual([crowd + 7, 1, last.rows]);
    const acts = await world.rows(
      `select actor_id from audit_events where action = 'organization.exported'`,
    );
    expect(acts).toHaveLength(1);
  });

  it('is given up when its reader goes, so that the next one can begin', async () => {
    const answer = await begin();
    answer.on('error', () => undefined);
    answer.destroy();
    const next = await eventually('the next one begins', async () => {
      const tried = await begin();
      tried.on('error', () => undefined);
      tried.destroy();
      return tried.statusCode === 200 ? tried : undefined;
    });
    expect(next.statusCode).toBe(200);
  });
});

/** Of this process, without what is garbage by now. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  z.custom<() => void>().parse(runInNewContext('gc'))();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Milliseconds of the slowest of many reads by somebody else. */
async function slowestRead(forMs: number): Promise<number> {
  const until = performance.now() + forMs;
  let slowest = 0;
  while (performance.now() < until) {
    const since = performance.now();
    const me = await supertest(server).get('/api/v1/me').set('authorization', `Bearer ${token}`);
    expect(me.status).toBe(200);
    slowest = Math.max(slowest, performance.now() - since);
  }
  return slowest;
}
