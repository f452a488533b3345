import { Refusal } from '../errors';
import { countries, knownHolidays, type Wanted } from './known';

const known = (wanted: Partial<Wanted>) =>
  knownHolidays({ country: 'DE', years: [2026], types: ['public'], ...wanted });

describe('the holidays of a country', () => {
  it('are those of all of it, or those of a region, too', async () => {
    const datesOf = async (wanted: Partial<Wanted>) =>
      (await known(wanted)).days.map(({ date }) => date);
    const all = await datesOf({});
    expect(all).toEqual([
      ...['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-05-14', '2026-05-25'],
      ...['2026-10-03', '2026-12-25', '2026-12-26'],
    ]);
    const bavaria = await datesOf({ region: 'BY' });
    expect(bavaria.filter((date) => !all.includes(date))).toEqual([
      ...['2026-01-06', '2026-06-04', '2026-11-01'],
    ]);
    expect(await datesOf({ region: 'BY-A' })).toContain('2026-08-08');
  });

  it('are of several years, ascending, each date once', async () => {
    const { days } = await known({ years: [2027, 2026] });
    const dates = days.map(({ date }) => date);
    expect(dates).toEqual([...new Set(dates)].sort());
    expect(dates).toHaveLength(18);
  });

  it('have both names where two fall on one date', async () => {
    const { days } = await known({ years: [2008] });
    const first = days.find(({ date }) => date === '2008-05-01');
    expect(first?.name.split(', ').sort()).toEqual(['Christi Himmelfahrt', 'Maifeiertag']);
  });

  it('are named in another language where they are known in it', async () => {
    const { days } = await known({ language: 'en' });
    expect(days.at(-2)).toEqual({ date: '2026-12-25', name: 'Christmas Day' });
  });

  it('that last several days are each of these dates, also over a change of the clocks', async () => {
    const { days } = await known({ country: 'SA', years: [2026], language: 'en' });
    const eid = days.filter(({ date }) => date.startsWith('2026-03'));
    expect(eid.map(({ date }) => date)).toEqual([
      ...['2026-03-19', '2026-03-20', '2026-03-21', '2026-03-22'],
    ]);
    const easter = await known({ country: 'NL', years: [2027] });
    expect(easter.days.map(({ date }) => date)).toContain('2027-03-28');
  });

  it('leave out what closes a part of the day, and what is of another type, and say so', async () => {
    const iceland = await known({ country: 'IS', language: 'en' });
    expect(iceland.days.map(({ date }) => date)).not.toContain('2026-12-24');
    expect(iceland.leftOut).toContainEqual(
      expect.objectContaining({ date: '2026-12-24', type: 'public', reason: 'partOfDay' }),
    );
    const austria = await known({ country: 'AT', types: ['public', 'bank'] });
    const eve = austria.leftOut.filter(({ date }) => date === '2026-12-24');
    expect(eve).toMatchObject([{ type: 'bank', reason: 'partOfDay' }]);
    const { leftOut } = await known({});
    expect(leftOut).toContainEqual(expect.objectContaining({ date: '2026-12-24', reason: 'type' }));
  });

  it.each([
    [{ country: 'XX' }, '/country'],
    [{ country: 'constructor' }, '/country'],
    [{ region: 'ZZ' }, '/region'],
    [{ region: 'BY-ZZ' }, '/region'],
  ])('are refused for %j', async (wanted, pointer) => {
    const refusal: unknown = await known(wanted).catch((error: unknown) => error);
    expect(refusal instanceof Refusal && refusal.details.errors?.[0]?.pointer).toBe(pointer);
  });
});

describe('the countries', () => {
  it('are listed with their regions, and each of them can be asked for', async () => {
    const all = await countries();
    expect(all.length).toBeGreaterThan(190);
    expect(all.find(({ code }) => code === 'DE')).toMatchObject({
      name: 'Germany',
      regions: expect.arrayContaining([
        { code: 'BY', name: 'Bayern' },
        { code: 'BY-A', name: 'Bayern: Stadt Augsburg' },
      ]) as unknown,
    });
    for (const { code, regions } of all) {
      const found = await known({ country: code, region: regions.at(-1)?.code });
      for (const { date } of found.days) expect(date).toMatch(/^20(25|26|27)-\d\d-\d\d$/);
    }
  });
});
