import { Refusal } from '../errors';
import { businessHours, roundTheClock } from './calendar';
import { checkCalendar } from './calendar.schema';

const full = {
  timezone: 'Europe/Berlin',
  weekly: {
    mon: [
      ['09:00', '12:00'],
      ['11:00', '24:00'],
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
