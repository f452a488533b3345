import { Refusal } from '../errors';
import { businessHours, roundTheClock } from './calendar';
import { checkCalendar } from './calendar.schema';

const full = {
  timezone: 'Europe/Berlin',
  weekly: {
    mon: [
      ['09:00', '12:00'],
      ['12:00', '24:00'],
    ],
    sat: [['22:00', '06:00']],
    sun: [],
  },
  holidays: ['2028-02-29'],
  yearlyHolidays: ['12-25', '02-29'],
  overrides: { '2026-12-24': [['09:00', '12:00']], '2026-12-31': [] },
  breaks: { '2026-12-24': [['10:00', '10:15']] },
  closures: [['2026-12-24T10:00:00Z', '2026-12-24T12:00:00.000+01:00']],
};

/** The pointers of what is wrong with the calendar. */
function pointers(input: unknown): string[] {
  return issues(input).map(({ pointer }) => pointer);
}

function issues(input: unknown) {
  try {
    checkCalendar(input);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid_input')
      return error.details.errors ?? [];
    throw error;
  }
  return [];
}

describe('checking a calendar', () => {
  it.each([
    ['with everything', full],
    ['of business hours', businessHours('America/New_York')],
    ['round the clock', roundTheClock],
    ['of single dates only', { ...full, weekly: {} }],
  ])('accepts one %s as it is', (_case, input) => {
    expect(checkCalendar(input)).toEqual(input);
  });

  it.each([
    ['no object', 'mon-fri', ''],
    ['an unknown zone', { ...full, timezone: 'Mars/Olympus' }, '/timezone'],
    ['an offset for a zone', { ...full, timezone: '+01:00' }, '/timezone'],
    ['an unknown weekday', { ...full, weekly: { ...full.weekly, monday: [] } }, '/weekly/monday'],
    ['an unknown member', { ...full, 'a/b': 1 }, '/a~1b'],
    [
      'a time without its zero',
      { ...full, weekly: { mon: [['9:00', '17:00']] } },
      '/weekly/mon/0/0',
    ],
    ['an opening at 24:00', { ...full, weekly: { mon: [['24:00', '17:00']] } }, '/weekly/mon/0/0'],
    [
      'a closing after 24:00',
      { ...full, weekly: { mon: [['09:00', '24:01']] } },
      '/weekly/mon/0/1',
    ],
    ['a span with one end', { ...full, weekly: { mon: [['09:00']] } }, '/weekly/mon/0'],
    ['a date that does not exist', { ...full, holidays: ['2027-02-29'] }, '/holidays/0'],
    [
      'a yearly date that does not exist',
      { ...full, yearlyHolidays: ['02-30'] },
      '/yearlyHolidays/0',
    ],
    ['an override of no date', { ...full, overrides: { easter: [] } }, '/overrides/easter'],
    ['a break of no date', { ...full, breaks: { '2026-13-01': [] } }, '/breaks/2026-13-01'],
    [
      'a local closure',
      { ...full, closures: [['2026-12-24T10:00:00', '2026-12-24T11:00:00Z']] },
      '/closures/0/0',
    ],
    [
      'a closure that ends first',
      { ...full, closures: [['2026-12-24T10:00:00Z', '2026-12-24T10:00:00Z']] },
      '/closures/0',
    ],
    [
      'no hours at all',
      { timezone: 'UTC', weekly: { mon: [] }, overrides: { '2026-12-24': [] } },
      '/weekly',
    ],
  ])('refuses %s and points at it', (_case, input, pointer) => {
    expect(pointers(input)).toContain(pointer);
  });

  it.each([
    [
      'in one weekday',
      {
        weekly: {
          mon: [
            ['13:00', '17:00'],
            ['09:00', '13:01'],
          ],
        },
      },
      '/weekly/mon/1',
    ],
    [
      'by being the same',
      {
        weekly: {
          mon: [
            ['09:00', '10:00'],
            ['09:00', '10:00'],
          ],
        },
      },
      '/weekly/mon/1',
    ],
    [
      'past midnight in one day',
      {
        weekly: {
          mon: [
            ['22:00', '06:00'],
            ['23:00', '24:00'],
          ],
        },
      },
      '/weekly/mon/1',
    ],
    [
      'past midnight into the next day',
      { weekly: { mon: [['22:00', '06:00']], tue: [['05:59', '07:00']] } },
      '/weekly/tue/0',
    ],
    [
      'from Sunday into Monday',
      {
        weekly: {
          sun: [['22:00', '06:00']],
          mon: [
            ['08:00', '09:00'],
            ['05:00', '06:00'],
          ],
        },
      },
      '/weekly/mon/1',
    ],
    [
      'in one date',
      {
        overrides: {
          '2026-12-24': [
            ['09:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
      '/overrides/2026-12-24/1',
    ],
    [
      'from date to date',
      { overrides: { '2026-12-31': [['20:00', '02:00']], '2027-01-01': [['01:00', '03:00']] } },
      '/overrides/2027-01-01/0',
    ],
    [
      'in breaks',
      {
        breaks: {
          '2026-12-24': [
            ['10:00', '10:15'],
            ['10:10', '10:20'],
          ],
        },
      },
      '/breaks/2026-12-24/1',
    ],
  ])('refuses spans that overlap %s', (_case, change, pointer) => {
    const input = { timezone: 'UTC', weekly: { fri: [['09:00', '17:00']] }, ...change };
    expect(issues(input)).toEqual([expect.objectContaining({ pointer, code: 'overlap' })]);
  });

  it.each([
    [
      'in one day',
      {
        mon: [
          ['09:00', '12:00'],
          ['12:00', '17:00'],
        ],
      },
    ],
    ['over midnight', { mon: [['22:00', '06:00']], tue: [['06:00', '07:00']] }],
    ['round the clock by shifts', { sun: [['08:00', '08:00']], mon: [['08:00', '08:00']] }],
    ['at midnight', { mon: [['00:00', '24:00']], tue: [['00:00', '00:00']] }],
  ])('accepts spans that touch %s', (_case, weekly) => {
    expect(pointers({ timezone: 'UTC', weekly })).toEqual([]);
  });

  it('refuses what is listed twice', () => {
    const input = {
      ...full,
      holidays: ['2026-12-25', '2026-12-26', '2026-12-25'],
      yearlyHolidays: ['01-01', '01-01'],
      closures: [
        ['2026-12-24T10:00:00Z', '2026-12-24T11:00:00Z'],
        ['2026-12-24T11:00:00+01:00', '2026-12-24T12:00:00+01:00'],
      ],
    };
    expect(issues(input).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/holidays/2', 'duplicate'],
      ['/yearlyHolidays/1', 'duplicate'],
      ['/closures/1', 'duplicate'],
    ]);
  });

  it('reports every mistake together, in words', () => {
    const input = { timezone: 'Nowhere', weekly: { mon: [['9', '17:00']] }, holidays: ['soon'] };
    expect(pointers(input)).toEqual(['/timezone', '/weekly/mon/0/0', '/holidays/0']);
    expect(() => checkCalendar(input)).toThrow(
      'The calendar is not usable: /timezone is not an IANA time zone, e.g. Europe/Berlin; ' +
        '/weekly/mon/0/0 is not a time from 00:00 to 23:59, as HH:mm; ' +
        '/holidays/0 is not a date, as YYYY-MM-DD.',
    );
  });
});
