/** Dry runs and applied calendars over the API: what is refused, what is recorded, what is owed. */
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { response } from './policy-bodies';
import type { Caller } from './incident';

let world: World;
let admin: Caller;
let policy: string;
let calendar: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
  policy = await firstOf('/sla-policies');
  calendar = await firstOf('/calendars');
});
afterAll(() => world.close());

const Page = z.object({ data: z.array(z.looseObject({ id: z.uuid() })) });
const Run = z.looseObject({ id: z.uuid(), state: z.string() });
const Problem = z.looseObject({
  code: z.string(),
  errors: z.array(z.looseObject({ pointer: z.string() })).optional(),
});

const firstOf = async (path: string) => Page.parse((await admin.get(path)).body).data[0]?.id ?? '';
const period = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };
const dryRun = (body: object) => admin.post(`/sla-policies/${policy}/dry-run`, body);

async function refused(body: object) {
  const answer = await dryRun(body);
  const { code, errors = [] } = Problem.parse(answer.body);
  return [answer.status, code, errors.map(({ pointer }) => pointer)];
}

describe('a dry run', () => {
  it('is owed to the engine with what it tries, and recorded', async () => {
    const answer = await dryRun(period);
    const run = Run.parse(answer.body);
    expect([answer.status, answer.headers['location']]).toEqual([
      202,
      `/api/v1/sla-runs/${run.id}`,
    ]);
    expect(run).toMatchObject({
      ...{ kind: 'dryRun', state: 'waiting', total: null, done: 0, calendar: null },
      ...{ policy: { id: policy, name: 'Incidents' }, startedBy: { name: 'admin' } },
      ...{ from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z' },
      definition: { rules: [{ name: 'Round the clock' }, { name: 'Business hours' }] },
    });
    expect((await admin.get(`/sla-runs/${run.id}`)).body).toEqual(answer.body);
    const events = Page.parse((await admin.get('/audit-events')).body).data;
    expect(events[0]).toMatchObject({
      ...{ action: 'slaRun.started', target: { type: 'slaRun', id: run.id, name: 'Incidents' } },
    });
  });

  it('is begun once, however often it is sent with the same key', async () => {
    const key = 'once-and-for-all';
    const ask = () => dryRun(period).set('idempotency-key', key);
    const [one, two] = [Run.parse((await ask()).body), Run.parse((await ask()).body)];
    expect(two.id).toBe(one.id);
  });

  it('tries what is sent in place of the draft', async () => {
    const rules = [{ name: 'Quick', targets: [response(calendar)] }];
    const answer = await dryRun({ ...period, definition: { rules } });
    expect(answer.body).toMatchObject({ definition: { rules: [{ name: 'Quick' }] } });
  });

  it('refuses what no policy may say, and a period that ends before it begins', async () => {
    const rules = [{ name: 'Quick', when: 'colour==red', targets: [response(calendar)] }];
    expect(await refused({ ...period, definition: { rules } })).toEqual([
      ...[422, 'invalid_input'],
      ['/definition/rules/0/when'],
    ]);
    expect(await refused({ from: period.until, until: period.from })).toEqual([
      ...[422, 'invalid_input'],
      ['/until'],
    ]);
  });
});

it('a calendar that is applied is owed to the engine, and recorded', async () => {
  const answer = await admin.post(`/calendars/${calendar}/actions/apply`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ kind: 'calendar', calendar: { id: calendar }, policy: null });
});

describe('a version that is published', () => {
  const publish = async (appliesTo: string) => {
    await admin.patch(`/sla-policies/${policy}`, { position: Math.ceil(Math.random() * 1_000) });
    const at = '2090-01-01T00:00:00Z';
    const answer = await admin.post(`/sla-policies/${policy}/actions/publish`, { appliesTo, at });
    expect(answer.status).toBe(200);
    const path = '/sla-runs?filter[kind]=publication';
    const runs = Page.parse((await admin.get(path)).body).data;
    await admin.post(`/sla-policies/${policy}/actions/withdraw`);
    return runs;
  };

  it('for new tickets begins no run', async () => {
    expect(await publish('new')).toEqual([]);
  });

  it('for open ones owes them the news, at its instant', async () => {
    expect(await publish('open')).toMatchObject([
      {
        ...{ policy: { id: policy }, version: 3, startsAt: '2090-01-01T00:00:00.000Z' },
        startedBy: null,
      },
    ]);
  });
});
