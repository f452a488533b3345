/** A due date in five years takes less than a millisecond once the calendar is warm. */
import { addWorkingTime, businessHours, workingSecondsBetween, type Calendar } from '../calendar';

const from = '2026-01-05T10:00:00.000Z';
const dates = Array.from({ length: 60 }, (_, n) => {
  const day = new Date(Date.UTC(2026, 0, 4) + n * 31 * 86_400_000);
  return day.toISOString().slice(0, 10);
});
const calendars: readonly (readonly [string, Calendar])[] = [
  ['business hours', businessHours('Europe/Berlin')],
  [
    'an exception in every month and change of offset in Ramadan',
    {
      ...businessHours('Africa/Casablanca'),
      holidays: dates,
      yearlyHolidays: ['01-01', '05-01', '12-25', '12-26'],
      breaks: Object.fromEntries(dates.map((date) => [date, [['12:00', '12:30'] as const]])),
    },
  ],
];

/** Milliseconds of the middle one of many. */
function middleMs(work: (n: number) => void): number {
  const took = Array.from({ length: 201 }, (_, n) => {
    const begun = performance.now();
    work(n);
    return performance.now() - begun;
  });
  return took.sort((a, b) => a - b)[100] ?? Infinity;
}

describe.each(calendars)('with %s', (_case, calendar) => {
  const fiveYears = workingSecondsBetween(calendar, from, '2031-01-05T10:00:00.000Z');

  it('a due date five years away takes less than a millisecond', () => {
    expect(fiveYears).toBeGreaterThan(5 * 230 * 8 * 3600);
    expect(middleMs((n) => addWorkingTime(calendar, from, fiveYears - n))).toBeLessThan(1);
    expect(middleMs((n) => addWorkingTime(calendar, from, n - fiveYears))).toBeLessThan(1);
  });

  it('so does the working time of five years', () => {
    const to = '2031-01-05T10:00:00.000Z';
    expect(middleMs(() => workingSecondsBetween(calendar, from, to))).toBeLessThan(1);
  });
});
