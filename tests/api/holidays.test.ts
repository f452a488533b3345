/** Holidays of calendars: by hand, by import, and what an edit of the hours leaves of them. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import type { Caller } from './incident';
import { said } from './problem';

const Calendar = z.object({
  id: z.string(),
  definition: z.looseObject({ holidays: z.array(z.string()).optional() }),
  version: z.int(),
  revision: z.int(),
});
const Holiday = z.object({ date: z.string(), name: z.string().nullable(), source: z.string() });
const Holidays = z.object({ data: z.array(Holiday) });
const Imported = z.object({
  dryRun: z.boolean(),
  version: z.int(),
  added: z.array(Holiday),
  known: z.array(Holiday),
  leftOut: z.array(z.object({ date: z.string(), type: z.string(), reason: z.string() })),
});
const Acts = z.object({ data: z.array(z.looseObject({ action: z.string() })) });

const office = { timezone: 'Europe/Berlin', weekly: { mon: [['09:00', '17:00']] } };

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

async function made(definition: object = office) {
  const body = { name: `Calendar ${randomUUID()}`, definition };
  const calendar = Calendar.parse((await admin.post('/calendars', body).expect(201)).body);
  const path = `/calendars/${calendar.id}`;
  return {
    path,
    calendar: async () => Calendar.parse((await admin.get(path)).body),
    holidays: async () => Holidays.parse((await admin.get(`${path}/holidays`)).body).data,
    bring: async (body: object) =>
      Imported.parse((await admin.post(`${path}/holidays/actions/import`, body).expect(200)).body),
    acts: async () => {
      const found = await admin.get(`/audit-events?filter[target]=${calendar.id}&sort=at`);
      return Acts.parse(found.body).data.map(({ action }) => action);
    },
  };
}

describe('a holiday', () => {
  it('is added, named and deleted, on record, and the hours follow in new versions', async () => {
    const one = await made({ ...office, holidays: ['2026-12-25'] });
    const nameless = { date: '2026-12-25', name: null, source: 'manual' };
    expect(await one.holidays()).toEqual([nameless]);

    const eve = { date: '2026-12-24', name: 'Eve' };
    const added = await admin.post(`${one.path}/holidays`, eve).set('if-match', '"1"').expect(201);
    expect([added.body, added.headers['etag']]).toEqual([{ ...eve, source: 'manual' }, '"2"']);
    expect(await one.calendar()).toMatchObject({
      definition: { ...office, holidays: ['2026-12-24', '2026-12-25'] },
      ...{ version: 2, revision: 2 },
    });

    const first = `${one.path}/holidays/2026-12-25`;
    const named = await admin.patch(first, { name: 'Christmas' }).set('if-match', '"2"');
    expect([named.status, named.body]).toEqual([200, { ...nameless, name: 'Christmas' }]);
    expect(await one.calendar()).toMatchObject({ version: 2, revision: 3 });

    await admin.delete(`${one.path}/holidays/2026-12-24`).set('if-match', '"3"').expect(204);
    expect(await one.holidays()).toEqual([{ ...nameless, name: 'Christmas' }]);
    expect(await one.calendar()).toMatchObject({
      definition: { holidays: ['2026-12-25'] },
      ...{ version: 3, revision: 4 },
    });
    expect(await one.acts()).toEqual([
      ...['calendar.created', 'calendar.holidayAdded', 'calendar.holidayNamed'],
      'calendar.holidayDeleted',
    ]);
    // Versions are what running clocks name: they stay.
    const versions = await world.rows(
      `select definition->'holidays' as days from calendars where id = $1 order by version`,
      [one.path.split('/').at(-1)],
    );
    expect(versions.map(({ days }) => days)).toEqual([
      ...[['2026-12-25'], ['2026-12-24', '2026-12-25'], ['2026-12-25']],
    ]);
  });

  it('keeps its name through an edit of the hours that keeps its date', async () => {
    const one = await made();
    for (const date of ['2026-12-24', '2026-12-28'])
      await admin.post(`${one.path}/holidays`, { date, name: `Day ${date}` }).expect(201);
    const definition = { ...office, holidays: ['2026-12-28', '2026-12-31'] };
    await admin.patch(one.path, { definition }).expect(200);
    expect(await one.holidays()).toEqual([
      { date: '2026-12-28', name: 'Day 2026-12-28', source: 'manual' },
      { date: '2026-12-31', name: null, source: 'manual' },
    ]);
    await admin.patch(one.path, { definition: { ...office, holidays: ['2026-12-24'] } });
    expect(await one.holidays()).toEqual([{ date: '2026-12-24', name: null, source: 'manual' }]);
    await admin.delete(one.path).expect(204);
    expect((await admin.get(`${one.path}/holidays`)).status).toBe(404);
  });

  it('is refused when it is wrong, and nothing changes', async () => {
    const one = await made({ ...office, holidays: ['2026-12-25'] });
    const add = (body: object) => admin.post(`${one.path}/holidays`, body);
    expect(said(await add({ date: '2027-02-29', name: 'x' }))).toEqual([
      ...[422, 'invalid_input', '/date invalid_format'],
    ]);
    expect(said(await add({ date: '2026-12-25', name: 'x' }))).toEqual([
      ...[409, 'conflict', '/date taken'],
    ]);
    const stale = await add({ date: '2026-12-24', name: 'x' }).set('if-match', '"7"');
    expect(said(stale)).toEqual([412, 'stale_version']);
    const absent = `${one.path}/holidays/2026-12-24`;
    expect(said(await admin.patch(absent, { name: 'x' }))).toEqual([404, 'not_found']);
    expect(said(await admin.delete(absent))).toEqual([404, 'not_found']);
    expect(await one.calendar()).toMatchObject({ version: 1, revision: 1 });
  });

  it('is not lost to another that is added at the same moment', async () => {
    const one = await made();
    const dates = ['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-28'];
    const answers = await Promise.all(
      dates.map((date) => admin.post(`${one.path}/holidays`, { date, name: `Day ${date}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await one.holidays()).map(({ date }) => date)).toEqual(dates);
    expect(await one.calendar()).toMatchObject({ version: 5, revision: 5 });
  });

  it('does not close a calendar for good', async () => {
    const dayMs = 86_400_000;
    const today = Math.floor(Date.now() / dayMs);
    // 5 January 1970 was a Monday.
    const monday = today + 7 - ((today - 4) % 7);
    const mondays = Array.from({ length: 575 }, (_, week) =>
      new Date((monday + week * 7) * dayMs).toISOString().slice(0, 10),
    );
    const [next, last, ...others] = mondays;
    const one = await made({ ...office, holidays: [next, ...others] });
    const answer = await admin.post(`${one.path}/holidays`, { date: last, name: 'Closed' });
    expect(said(answer)).toEqual([422, 'invalid_input', '/date empty']);
    expect(await one.calendar()).toMatchObject({ version: 1, revision: 1 });
  });
});

describe('holidays of a country', () => {
  const germany = { country: 'DE', region: 'BY', years: [2026, 2027], language: 'en' };

  it('are rehearsed, then imported as one version; those that are there stay as they are', async () => {
    const one = await made();
    await admin.post(`${one.path}/holidays`, { date: '2026-12-25', name: 'Mine' }).expect(201);
    const rehearsed = await one.bring(germany);
    expect(rehearsed).toMatchObject({ dryRun: true, version: 2 });
    expect(rehearsed.known).toEqual([{ date: '2026-12-25', name: 'Mine', source: 'manual' }]);
    expect(await one.calendar()).toMatchObject({ version: 2, revision: 2 });

    const imported = await one.bring({ ...germany, dryRun: false });
    expect(imported).toEqual({ ...rehearsed, dryRun: false, version: 3 });
    expect(imported.added).toContainEqual({
      ...{ date: '2027-01-06', name: 'Epiphany', source: 'DE-BY' },
    });
    expect(imported.leftOut).toContainEqual({
      ...{ date: '2026-12-24', type: 'bank', reason: 'type' },
    });
    const holidays = await one.holidays();
    expect(holidays).toHaveLength(imported.added.length + 1);
    expect((await one.calendar()).definition.holidays).toEqual(holidays.map(({ date }) => date));

    const again = await one.bring({ ...germany, dryRun: false });
    expect(again).toMatchObject({ version: 3, added: [] });
    expect(again.known).toHaveLength(holidays.length);
    expect(await one.acts()).toEqual([
      ...['calendar.created', 'calendar.holidayAdded', 'calendar.holidaysImported'],
    ]);
  });

  it('are rows like others: renamed and deleted', async () => {
    const one = await made();
    await one.bring({ ...germany, dryRun: false });
    const epiphany = `${one.path}/holidays/2027-01-06`;
    const renamed = await admin.patch(epiphany, { name: 'Three Kings' }).expect(200);
    expect(renamed.body).toEqual({ date: '2027-01-06', name: 'Three Kings', source: 'DE-BY' });
    await admin.delete(epiphany).expect(204);
    expect((await one.holidays()).map(({ date }) => date)).not.toContain('2027-01-06');
    const { added } = await one.bring(germany);
    expect(added.map(({ date }) => date)).toEqual(['2027-01-06']);
  });

  it.each([
    [{ country: 'XX' }, '/country not_found'],
    [{ region: 'ZZ' }, '/region not_found'],
    [{ years: [] }, '/years too_small'],
    [{ years: [2026, 2026] }, '/years invalid'],
    [{ years: [1066] }, '/years/0 too_small'],
    [{ types: ['party'] }, '/types/0 invalid_value'],
    [{ rehearsal: true }, '/rehearsal unknown_field'],
  ])('are refused for %j', async (change, issue) => {
    const one = await made();
    const body = { ...germany, dryRun: false, ...change };
    expect(said(await admin.post(`${one.path}/holidays/actions/import`, body))).toEqual([
      ...[422, 'invalid_input', issue],
    ]);
    expect(await one.calendar()).toMatchObject({ version: 1, revision: 1 });
  });

  it('are known of many countries and their regions', async () => {
    const user = await world.as('user');
    const answer = await user.get('/holiday-countries').expect(200);
    expect(answer.body).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          ...{ code: 'DE', name: 'Germany' },
          regions: expect.arrayContaining([{ code: 'BY', name: 'Bayern' }]) as unknown,
        }),
      ]) as unknown,
    });
  });

  it('are imported by who keeps calendars, and read by all', async () => {
    const one = await made();
    const agent = await world.as('agent');
    await agent.get(`${one.path}/holidays`).expect(200);
    const answers = [
      await agent.post(`${one.path}/holidays/actions/import`, germany),
      await agent.post(`${one.path}/holidays`, { date: '2026-12-24', name: 'x' }),
      await agent.patch(`${one.path}/holidays/2026-12-24`, { name: 'x' }),
      await agent.delete(`${one.path}/holidays/2026-12-24`),
    ];
    expect(answers.map(said)).toEqual(answers.map(() => [403, 'forbidden']));
  });
});
