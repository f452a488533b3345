/** The processes as operations run them: their logs, their metrics, their health. */
import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { z } from 'zod';
import type { Part } from '../../scripts/rig/part';
import { metricsAsked, metricsOn } from '../alarms';
import { eventually, openWorld, password, secret, type World } from '../harness';
import { loggedBy, services } from '../setup/services';

let world: World;
let own: Awaited<ReturnType<typeof services>>;
let parts: { api: Part; worker: Part };

beforeAll(async () => {
  world = await openWorld({ worker: false });
  own = await services(world, { TEMPORAL_TASK_QUEUE: world.taskQueue, LOG_LEVEL: 'trace' });
  const [worker, api] = await Promise.all([own.worker(), own.api()]);
  parts = { worker, api };
  for (const port of Object.values(own.metricsPorts)) {
    await eventually(`readiness at ${port}`, () => ready(port), 50_000);
  }
});

afterAll(async () => {
  await own.close();
  await world.close();
});

const at = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`);

async function ready(port: number): Promise<true | undefined> {
  const response = await at(port, '/health/ready').catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 200 ? true : undefined;
}

const Line = z.looseObject({ msg: z.string(), requestId: z.string().optional() });

function logOf(name: 'api' | 'worker') {
  const text = loggedBy(parts[name]);
  const whole = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .trim()
    .split('\n');
  return { text, lines: whole.map((line) => Line.parse(JSON.parse(line))) };
}

/** Written in the background, half a second later at most. */
function lineOf(name: 'api' | 'worker', requestId: string) {
  return eventually(`a line of ${requestId} in the log of ${name}`, () =>
    Promise.resolve(logOf(name).lines.find((line) => line.requestId === requestId)),
  );
}

async function signedIn(): Promise<string> {
  const login = { email: `agent@${world.slug}.example`, password };
  const answer = await supertest(own.url).post('/api/v1/auth/login').send(login);
  return z.object({ accessToken: z.string() }).parse(answer.body).accessToken;
}

it('one command is followed by one id through both logs, which tell nothing of what it says', async () => {
  const token = await signedIn();
  const door = supertest(own.url);
  const post = (path: string, requestId: string, body: object) =>
    door
      .post(`/api/v1${path}`)
      .set('authorization', `Bearer ${token}`)
      .set('x-request-id', requestId)
      .send(body);
  const words = `words-${randomUUID()}`;
  const [opening, resolving] = [`open-${randomUUID()}`, `resolve-${randomUUID()}`];
  const opened = await post('/incidents', opening, {
    title: words,
    description: words,
    impact: 'low',
    urgency: 'low',
  });
  const { id, number } = z.looseObject({ id: z.string(), number: z.string() }).parse(opened.body);
  const answer = await post(`/incidents/${id}/actions/resolve`, resolving, {
    code: 'solved',
    notes: words,
  });
  expect([answer.status, answer.headers['x-request-id']]).toEqual([200, resolving]);

  const ids = { requestId: resolving, ticketId: id, workflowId: world.workflowId(number) };
  const asked = await lineOf('api', resolving);
  expect(asked).toMatchObject({
    ...ids,
    msg: 'request answered',
    commandId: expect.any(String) as unknown,
  });
  const taken = await lineOf('worker', resolving);
  const { commandId, organizationId } = asked;
  expect(typeof commandId).toBe('string');
  const shared = { ...ids, commandId, organizationId };
  expect(taken).toMatchObject({ ...shared, msg: 'fact taken', fact: 'resolve', result: 'applied' });

  expect(await lineOf('api', opening)).toMatchObject({ ticketId: id, commandId: id });
  for (const name of ['api', 'worker'] as const) {
    const { text } = logOf(name);
    for (const hidden of [words, password, token, secret]) expect(text).not.toContain(hidden);
  }
});

it('both processes serve metrics, those of the SDK among them', async () => {
  const [api, worker] = await Promise.all(
    [own.metricsPorts.API, own.metricsPorts.worker].map(async (port) =>
      (await at(port, '/metrics')).text(),
    ),
  );
  expect(api).toMatch(
    /holdfast_http_requests_total\{route="\/incidents",method="POST",code="201"\} [1-9]/,
  );
  expect(api).toMatch(/^holdfast_stuck_lives 0$/m);
  expect(api).toMatch(/^holdfast_outbox_set_aside 0$/m);
  expect(worker).toMatch(
    /holdfast_step_duration_seconds_count\{fact="resolve",result="applied"\} 1/,
  );
  const on = metricsOn(worker ?? '');
  const asked = [...metricsAsked()].filter((name) => name.startsWith('temporal_'));
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((name) => !on.has(name))).toEqual([]);
});

it('the worker says of each part whether it is well, and that the server sees it poll', async () => {
  const body: unknown = await (await at(own.metricsPorts.worker, '/health/ready')).json();
  const well = { ok: true, since: expect.any(String) as unknown };
  const parts = { database: well, temporal: well, worker: well, poller: well };
  expect(body).toEqual({ ready: true, parts });
});

it('no page of metrics names an organization, a ticket or a person', async () => {
  for (const port of Object.values(own.metricsPorts)) {
    const page = await (await at(port, '/metrics')).text();
    for (const name of [world.slug, world.organizationId, 'INC0', '@'])
      expect(page).not.toContain(name);
  }
});
