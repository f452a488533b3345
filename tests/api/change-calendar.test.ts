/** What a change collides with, and the change calendar: as JSON, as iCalendar, for whoever sees what. */
import { performance } from 'node:perf_hooks';
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Made = z.looseObject({ id: z.string() });
const Change = z.looseObject({ id: z.string(), number: z.string() });
const Conflicts = z.object({
  window: z.unknown(),
  total: z.number(),
  data: z.array(
    z.looseObject({
      kind: z.string(),
      isBlocking: z.boolean(),
      reason: z.string(),
      with: z
        .looseObject({ type: z.string(), id: z.string().nullable(), number: z.string().nullish() })
        .nullable(),
    }),
  ),
});
const Entry = z.looseObject({ id: z.string(), window: z.object({ start: z.string() }) });
const Calendar = z.object({
  changes: z.array(Entry),
  freezes: z.array(Entry),
  maintenance: z.array(Entry),
});
const Problem = z.object({ code: z.string(), errors: z.array(z.object({ pointer: z.string() })) });

let world: World;
let agent: Caller;
let manager: Caller;
let admin: Caller;
let mail: string;
let web: string;
beforeAll(async () => {
  world = await openWorld({ carries: true });
  [agent, manager, admin] = await Promise.all([
    world.as('agent'),
    world.as('manager'),
    world.as('admin'),
  ]);
  mail = world.id('service', 'Mail');
  web = await made('/services', { name: 'Web', dependsOn: [mail] }, admin);
});
afterAll(() => world.close());

async function made(path: string, body: object, by = manager): Promise<string> {
  const answer = await by.post(path, body);
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return Made.parse(answer.body).id;
}

/** Each test has a month of its own, so that none meets changes of another. */
let month = 0;
const days = () => {
  const start = Date.UTC(2027, month++, 1);
  return (day: number, hour = 0) =>
    new Date(start + day * 86_400_000 + hour * 3_600_000).toISOString();
};

async function planned(window: object, more: object = {}) {
  const answer = await agent.post('/changes', {
    ...{ title: 'S3cret work', description: 'x', serviceId: mail, window },
    risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
    plans: { implementation: 'Do it.', test: 'Look.', backOut: 'Undo it.' },
    ...more,
  });
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return Change.parse(answer.body);
}

const conflictsOf = async ({ id }: { id: string }, by = agent) =>
  Conflicts.parse((await by.get(`/changes/${id}/conflicts`).expect(200)).body);
const calendarOf = async (query: Record<string, string>, by = agent) =>
  Calendar.parse(
    (await by.get(`/change-calendar?${new URLSearchParams(query).toString()}`).expect(200)).body,
  );
const briefly = ({ data }: z.infer<typeof Conflicts>) =>
  data.map((one) => [one.kind, one.with?.number ?? one.with?.id, one.isBlocking]);

describe('the conflicts of a change', () => {
  it('are those of this moment, whatever was edited, the heaviest first', async () => {
    const on = days();
    const mine = await planned({ start: on(3), end: on(4) });
    expect(briefly(await conflictsOf(mine))).toEqual([]);
    const same = await planned({ start: on(3, 12), end: on(5) });
    const tied = await planned({ start: on(3), end: on(5) }, { serviceId: web });
    const away = await planned({ start: on(4), end: on(5) });
    const freeze = await made('/freezes', {
      ...{ name: 'Books', reason: 'Closed.', serviceIds: [mail], from: on(2), until: on(3, 1) },
    });
    const found = await conflictsOf(mine);
    expect(briefly(found)).toEqual([
      ['freeze', freeze, true],
      ['sameService', same.number, true],
      ['dependentService', tied.number, false],
    ]);
    expect(found.data[1]).toMatchObject({
      ...{ services: [{ id: mail, name: 'Mail' }], overlap: { from: on(3, 12), until: on(4) } },
      reason: `${same.number} works on Mail at the same time.`,
    });
    expect(briefly(await conflictsOf(away))).not.toContainEqual(
      expect.arrayContaining([mine.number]),
    );
    await manager.delete(`/freezes/${freeze}`).expect(204);
    await agent
      .post(`/changes/${same.id}/actions/plan`, { window: { start: on(9), end: on(10) } })
      .expect(200);
    expect(briefly(await conflictsOf(mine))).toEqual([['dependentService', tied.number, false]]);
  });

  it('are none without a window, and freezes do not block an emergency', async () => {
    const on = days();
    const bare = await planned({ start: on(3), end: on(4) }, { window: undefined });
    expect(await conflictsOf(bare)).toMatchObject({ window: null, total: 0, data: [] });
    const urgent = await planned({ start: on(3), end: on(4) }, { kind: 'emergency' });
    const freeze = await made('/freezes', {
      ...{ name: 'All', reason: 'Closed.', from: on(2), until: on(8) },
    });
    expect(briefly(await conflictsOf(urgent))).toEqual([['freeze', freeze, false]]);
    await manager.delete(`/freezes/${freeze}`).expect(204);
  });

  it('have what is still under way after its window', async () => {
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
    const service = await made('/services', { name: 'Telephones' }, admin);
    const about = { serviceId: service };
    const mine = await planned({ start: hours(-1), end: hours(4) }, about);
    const late = await planned({ start: hours(1), end: hours(2) }, about);
    const set = (state: string) =>
      world.rows(
        `update tickets set state = $2, planned_start = $3, planned_end = $4 where id = $1`,
        [late.id, state, hours(-4), hours(-2)],
      );
    await set('scheduled');
    expect(briefly(await conflictsOf(mine))).toEqual([]);
    await set('implementing');
    expect(briefly(await conflictsOf(mine))).toEqual([['sameService', late.number, true]]);
    await set('draft');
  });

  it('tell of a change that the reader may not see only that it is there', async () => {
    const on = days();
    const mine = await planned({ start: on(3), end: on(4) });
    const other = await planned({ start: on(3), end: on(4) });
    const team = world.id('team', 'Network');
    await agent.post(`/changes/${other.id}/actions/assign`, { teamId: team }).expect(200);
    const colleague = await world.as('colleague');
    await colleague.patch(`/changes/${other.id}`, { isConfidential: true }).expect(200);
    const stranger = await world.as('manager');
    const hidden = await stranger.get(`/changes/${mine.id}/conflicts`).expect(200);
    expect(hidden.body).toMatchObject({
      data: [
        {
          with: { type: 'change', id: null, number: null, title: null },
          reason: 'Another change works on Mail at the same time.',
        },
      ],
    });
    expect(hidden.text).not.toContain(other.id);
    expect(hidden.text).not.toContain(other.number);
    expect(briefly(await conflictsOf(mine, colleague))).toEqual([
      ['sameService', other.number, true],
    ]);
    await stranger.get(`/changes/${other.id}/conflicts`).expect(404);
    const range = { from: on(0), until: on(9) };
    const seen = async (by: Caller) => (await calendarOf(range, by)).changes.map(({ id }) => id);
    expect(await seen(stranger)).toEqual([mine.id]);
    expect(await seen(colleague)).toEqual(expect.arrayContaining([mine.id, other.id]));
    expect(await seen(await world.as('stranger'))).toEqual([]);
  });

  it('among 1,000 open changes are there within two seconds', async () => {
    const on = days();
    const mine = await planned({ start: on(10), end: on(11) });
    await world.rows(
      `insert into tickets
       select (jsonb_populate_record(t, jsonb_build_object(
                'id', gen_random_uuid(), 'number', 'CHG9' || lpad(n::text, 6, '0'), 'title', 'One of many',
                'planned_start', $2::timestamptz + n * interval '80 seconds',
                'planned_end', $2::timestamptz + interval '1 day' + n * interval '60 seconds'))).*
         from tickets t cross join generate_series(1, 1000) n where t.id = $1`,
      [mine.id, on(10)],
    );
    await world.rows(
      `insert into services select (jsonb_populate_record(s, jsonb_build_object(
                'id', gen_random_uuid(), 'name', 'Service ' || n))).*
         from services s cross join generate_series(1, 500) n where s.id = $1`,
      [mail],
    );
    await world.rows(
      `insert into users select (jsonb_populate_record(u, jsonb_build_object(
                'id', gen_random_uuid(), 'email', n || '@people.example'))).*
         from users u cross join generate_series(1, 5000) n where u.id = $1`,
      [world.id('person', 'user')],
    );
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const before = performance.now();
      const { total, data } = await conflictsOf(mine);
      times.push(performance.now() - before);
      expect([total, data.length]).toEqual([1_000, 1_000]);
    }
    expect(Math.max(...times)).toBeLessThan(2_000);
    const range = { from: on(9), until: on(13) };
    expect((await calendarOf(range)).changes).toHaveLength(1_001);
    await world.rows(`delete from tickets where number like 'CHG9%'`);
  });
});

describe('the change calendar', () => {
  const sundays = { timezone: 'Europe/Berlin', weekly: { sun: [['02:00', '06:00']] } };

  it('has changes, freezes and each opening of maintenance, also of one service only', async () => {
    const on = days();
    const range = { from: on(0), until: on(14) };
    const change = await planned({ start: on(3), end: on(4) }, { serviceId: web });
    const frozen = await made('/freezes', {
      ...{ name: 'Half', reason: 'x', serviceIds: [mail], from: on(2), until: on(8) },
    });
    const all = await made('/freezes', { name: 'Whole', reason: 'x', from: on(2), until: on(3) });
    await made('/maintenance-windows', { name: 'Web', serviceIds: [web], definition: sundays });
    const whole = await calendarOf(range);
    expect(whole).toMatchObject({
      changes: [{ id: change.id, number: change.number, state: 'draft', kind: 'normal' }],
      freezes: [{ id: frozen }, { id: all, services: [] }].sort((a, b) => (a.id < b.id ? -1 : 1)),
    });
    expect(whole.changes[0]).toMatchObject({ riskLevel: expect.any(String) as string });
    expect(whole.maintenance).toHaveLength(2);
    const ofMail = await calendarOf({ ...range, serviceId: mail });
    expect([ofMail.changes.length, ofMail.freezes.length, ofMail.maintenance.length]).toEqual([
      ...[0, 2, 0],
    ]);
    const ofWeb = await calendarOf({ ...range, serviceId: web });
    expect(ofWeb.changes.map(({ id }) => id)).toEqual([change.id]);
    expect(ofWeb.freezes.map(({ id }) => id)).toEqual([all]);
    expect(ofWeb.maintenance).toHaveLength(2);
    for (const id of [frozen, all]) await manager.delete(`/freezes/${id}`).expect(204);
  });

  it.each([
    ['ends before it begins', { from: '2027-01-02T00:00:00Z', until: '2027-01-01T00:00:00Z' }],
    ['is too long', { from: '2027-01-01T00:00:00Z', until: '2028-03-01T00:00:00Z' }],
  ])('refuses a time that %s', async (_, query) => {
    const answer = await agent.get(`/change-calendar?${new URLSearchParams(query).toString()}`);
    expect(answer.status).toBe(422);
    expect(Problem.parse(answer.body).errors).toMatchObject([{ pointer: '/query/until' }]);
  });

  it('refuses more entries than anybody reads', async () => {
    const on = days();
    const hourly = Array.from({ length: 12 }, (_, n) => [
      `${String(n * 2).padStart(2, '0')}:00`,
      `${String(n * 2 + 1).padStart(2, '0')}:00`,
    ]);
    const weekly = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, hourly]),
    );
    const definition = { timezone: 'UTC', weekly };
    const id = await made('/maintenance-windows', { name: 'x', serviceIds: [web], definition });
    const query = new URLSearchParams({ from: on(0), until: on(300) });
    const answer = await agent.get(`/change-calendar.ics?${query.toString()}`);
    expect([answer.status, Problem.parse(answer.body).errors[0]?.pointer]).toEqual([
      ...[422, '/query/until'],
    ]);
    await manager.delete(`/maintenance-windows/${id}`).expect(204);
  });

  it('is read by a calendar program with a token of its own, each event with a stable UID', async () => {
    const on = days();
    const change = await planned({ start: on(3), end: on(4) });
    const freeze = { name: 'Feed', reason: 'x', from: on(2), until: on(8) };
    const id = await made('/freezes', freeze);
    const wish = { name: 'Calendar', scopes: ['change:read', 'change:all'] };
    const { token } = z
      .object({ token: z.string() })
      .parse((await agent.post('/me/api-tokens', wish)).body);
    const query = new URLSearchParams({ from: on(0), until: on(9), serviceId: mail });
    const read = () =>
      supertest(world.app)
        .get(`/api/v1/change-calendar.ics?${query.toString()}`)
        .set('authorization', `Bearer ${token}`)
        .expect(200)
        .expect('content-type', 'text/calendar; charset=utf-8');
    const before = (await read()).text;
    expect(before).toContain(`UID:change-${change.id}`);
    expect(before).toContain(`UID:freeze-${id}`);
    const modifiedOf = (text: string) =>
      new RegExp(`UID:freeze-${id}.*?LAST-MODIFIED:(\\w+)`, 's').exec(text)?.[1];
    await world.rows(`select pg_sleep(1.1)`);
    await manager.patch(`/freezes/${id}`, { name: 'Feed of another name' }).expect(200);
    const after = (await read()).text;
    expect(after).toContain('Freeze: Feed of another name');
    expect(String(modifiedOf(after)) > String(modifiedOf(before))).toBe(true);
    await manager.delete(`/freezes/${id}`).expect(204);
    const usual = await agent.get('/change-calendar.ics').expect(200);
    expect(usual.text).toMatch(/^BEGIN:VCALENDAR/);
  });
});
