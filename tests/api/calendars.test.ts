/** Business calendars: versions that stay, hours that are real, and who goes by them. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { opened, type Caller } from './incident';
import { said } from './problem';

const Calendar = z.object({
  id: z.string(),
  name: z.string(),
  definition: z.looseObject({ timezone: z.string() }),
  version: z.int(),
  revision: z.int(),
});
const List = z.object({ data: z.array(Calendar) });
const Acts = z.object({
  data: z.array(z.object({ action: z.string(), before: z.unknown(), after: z.unknown() })),
});

const nineToFive = { timezone: 'Europe/Berlin', weekly: { mon: [['09:00', '17:00']] } };
const early = { timezone: 'Europe/Berlin', weekly: { mon: [['06:00', '14:00']] } };

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  admin = await world.as('admin');
});
afterAll(() => world.close());

const make = (body: object) => admin.post('/calendars', body);
const made = async (name: string, definition: object = nineToFive) =>
  Calendar.parse((await make({ name, definition }).expect(201)).body);
const named = async (name: string) => {
  const { data } = List.parse((await admin.get(`/calendars?filter[name]=${name}`)).body);
  return data.map(({ id }) => id);
};

describe('a calendar', () => {
  it('is made, edited by revision and deleted, on record', async () => {
    const first = await made('Counter');
    expect(first).toMatchObject({ definition: nineToFive, version: 1, revision: 1 });
    const path = `/calendars/${first.id}`;
    const edited = await admin.patch(path, { definition: early }).set('if-match', '"1"');
    expect([edited.status, edited.headers['etag'], edited.body]).toEqual([
      ...[200, '"2"', { ...first, definition: early, version: 2, revision: 2 }],
    ]);
    const renamed = await admin.patch(path, { name: 'Desk' }).expect(200);
    expect(renamed.body).toMatchObject({ name: 'Desk', version: 2, revision: 3 });
    expect((await admin.get(path)).body).toEqual(renamed.body);
    const stale = await admin.patch(path, { name: 'Other' }).set('if-match', '"1"');
    expect(said(stale)).toEqual([412, 'stale_version']);
    // Versions are what running clocks name: the first one is as it was.
    const versions = await world.rows(
      'select version, definition from calendars where id = $1 order by version',
      [first.id],
    );
    expect(versions).toEqual([
      { version: 1, definition: nineToFive },
      { version: 2, definition: early },
    ]);

    await admin.delete(path).expect(204);
    expect(said(await admin.get(path))).toEqual([404, 'not_found']);
    const acts = Acts.parse(
      (await admin.get(`/audit-events?filter[target]=${first.id}&sort=at`)).body,
    );
    expect(acts.data).toMatchObject([
      { action: 'calendar.created', before: null, after: { definition: nineToFive } },
      { action: 'calendar.edited', before: { version: 1 }, after: { definition: early } },
      { action: 'calendar.edited', before: { name: 'Counter' }, after: { name: 'Desk' } },
      { action: 'calendar.deleted', after: null },
    ]);
  });

  it('is made once, however often the same request comes, and has a name of its own', async () => {
    const key = randomUUID();
    const ask = () => make({ name: 'Once', definition: early }).set('idempotency-key', key);
    const first = Calendar.parse((await ask()).body);
    await world.rows('delete from idempotency_keys');
    expect((await ask()).body).toEqual(first);
    const taken = [409, 'conflict', '/name taken'];
    expect(said(await make({ name: 'Once', definition: early }))).toEqual(taken);
    const { id } = await made('Twice');
    expect(said(await admin.patch(`/calendars/${id}`, { name: 'Once' }))).toEqual(taken);
  });

  it.each([
    [{ timezone: 'Mars/Olympus' }, '/definition/timezone invalid'],
    [{ weekly: { mon: [['9:00', '17:00']] } }, '/definition/weekly/mon/0/0 invalid_format'],
    [{ weekly: { monday: [] } }, '/definition/weekly/monday unknown_field'],
    [{ weekly: {} }, '/definition/weekly empty'],
    [{ weekly: { mon: [] } }, '/definition/weekly empty'],
    [{ holidays: ['2027-02-29'] }, '/definition/holidays/0 invalid_format'],
    [
      { holidays: Array.from({ length: 1_001 }, () => '2027-01-01') },
      '/definition/holidays too_big',
    ],
    // It was open once, and never will be again: no ticket could be given a deadline.
    [{ weekly: {}, overrides: { '2020-01-01': [['09:00', '17:00']] } }, '/definition/weekly empty'],
    [{ closures: [['2000-01-01T00:00:00Z', '2100-01-01T00:00:00Z']] }, '/definition/weekly empty'],
  ])('is refused when it is wrong: %#', async (change, issue) => {
    const { id } = await made(`Right ${randomUUID()}`);
    const definition = { ...nineToFive, ...change };
    const expected = [422, 'invalid_input', issue];
    expect(said(await make({ name: 'Wrong', definition }))).toEqual(expected);
    expect(said(await admin.patch(`/calendars/${id}`, { definition }))).toEqual(expected);
    expect(await named('Wrong')).toEqual([]);
    expect((await admin.get(`/calendars/${id}`)).body).toMatchObject({ version: 1, revision: 1 });
  });

  it.each(['manager', 'agent', 'user'])('is read by a %s, who does not change it', async (role) => {
    const caller = await world.as(role);
    const { id } = await made(`Safe from ${role}`);
    await caller.get(`/calendars/${id}`).expect(200);
    const answers = [
      await caller.post('/calendars', { name: 'Mine', definition: early }),
      await caller.patch(`/calendars/${id}`, { definition: early }),
      await caller.delete(`/calendars/${id}`),
    ];
    expect(answers.map(said)).toEqual(answers.map(() => [403, 'forbidden']));
  });
});

describe('a calendar that is in use', () => {
  it('is kept, and who uses it is said', async () => {
    const { id } = await made('Shared');
    const use = async (path: string, name: string) =>
      Calendar.pick({ id: true }).parse(
        (await admin.post(path, { name, calendarId: id }).expect(201)).body,
      );
    const team = await use('/teams', 'Counter');
    const service = await use('/services', 'Printing');
    const refused = await admin.delete(`/calendars/${id}`);
    expect(said(refused)).toEqual([409, 'conflict']);
    expect(refused.body).toMatchObject({
      detail: 'It is in use: team Counter, service Printing.',
      usedBy: [
        { type: 'team', id: team.id, name: 'Counter' },
        { type: 'service', id: service.id, name: 'Printing' },
      ],
    });
    const shown = (await admin.get(`/teams?filter[calendar]=${id}`)).body as unknown;
    expect(shown).toMatchObject({ data: [{ id: team.id, calendar: { id, name: 'Shared' } }] });
    await admin.patch(`/teams/${team.id}`, { calendarId: null }).expect(200);
    await admin.patch(`/services/${service.id}`, { calendarId: null }).expect(200);
    await admin.delete(`/calendars/${id}`).expect(204);
    const gone = await admin.patch(`/teams/${team.id}`, { calendarId: id });
    expect(said(gone)).toEqual([422, 'invalid_input', '/calendarId not_found']);
  });

  it('of the service levels is kept, too, and an edit reaches the next ticket, not the last one', async () => {
    const [id = ''] = await named('Round%20the%20clock');
    const refused = await admin.delete(`/calendars/${id}`);
    expect(refused.body).toMatchObject({ code: 'conflict', usedBy: [{ type: 'policy' }] });
    const user = await world.as('user');
    const urgent = { impact: 'high', urgency: 'high' };
    const before = await opened(user, urgent);
    await admin.patch(`/calendars/${id}`, { definition: early }).expect(200);
    const after = await opened(user, urgent);
    const clocks = await world.rows(
      `select t.id, c->'terms'->'calendar' as calendar
         from tickets t, jsonb_array_elements(t.snapshot->'clocks') c
        where t.id = any($1::uuid[]) and c->>'id' = 'resolution' order by t.number`,
      [[before.id, after.id]],
    );
    expect(clocks).toEqual([
      { id: before.id, calendar: { id, version: 1 } },
      { id: after.id, calendar: { id, version: 2 } },
    ]);
  });

  it('cannot be taken by somebody at the moment at which it is deleted', async () => {
    const { id } = await made('Contested');
    const [gone, taken] = await Promise.all([
      admin.delete(`/calendars/${id}`),
      admin.post('/teams', { name: 'Contenders', calendarId: id }),
    ]);
    expect([
      [204, 422],
      [409, 201],
    ]).toContainEqual([gone.status, taken.status]);
  });
});
