import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  addWorkingTime,
  intervals,
  isOpen,
  nextClose,
  nextOpen,
  nextStart,
  prevClose,
  roundTheClock,
  workingSecondsBetween,
  type Calendar,
  type Span,
} from './calendar';
import { weekdays } from './calendar/shape';
import { plusSeconds, type Instant } from '../instant';
import { calendarsIn, quarter } from '../../tests/calendars';

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'];
const { calendar, date, instant } = calendarsIn(zones, 2026);
const seconds = fc.integer({ min: 1, max: 3_000_000_000 }).map((ms) => ms / 1000);

describe('on any calendar', () => {
  it('adding working time and then counting it gives it back, forwards and backwards', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, fc.boolean(), (hours, from, amount, isBack) => {
        const signed = isBack ? -amount : amount;
        const to = addWorkingTime(hours, from, signed);
        expect(workingSecondsBetween(hours, from, to)).toBe(signed);
      }),
    );
  });

  it('working time added ends in the instant that completes it, not in later idle time', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (hours, from, amount) => {
        const to = addWorkingTime(hours, from, amount);
        expect(isOpen(hours, plusSeconds(to, -0.001))).toBe(true);
      }),
    );
  });

  it('working time is additive, in whatever order the instants come', () => {
    fc.assert(
      fc.property(calendar, instant, instant, instant, (hours, a, b, c) => {
        const parts = workingSecondsBetween(hours, a, b) + workingSecondsBetween(hours, b, c);
        expect(parts).toBeCloseTo(workingSecondsBetween(hours, a, c), 6);
      }),
    );
  });

  it('working time is never more than real time', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (hours, from, amount) => {
        const worked = workingSecondsBetween(hours, from, plusSeconds(from, amount));
        expect(worked).toBeGreaterThanOrEqual(0);
        expect(worked).toBeLessThanOrEqual(amount);
      }),
    );
  });

  it('the order of spans, days, dates and closures does not matter', () => {
    fc.assert(
      fc.property(calendar, instant, seconds, (hours, from, amount) => {
        const to = addWorkingTime(hours, from, amount);
        expect(addWorkingTime(reversed(hours), from, amount)).toBe(to);
      }),
    );
  });

  it('openings and closings are where open time begins and ends', () => {
    fc.assert(
      fc.property(calendar, instant, (hours, at) => {
        const justBefore = (edge: Instant) => isOpen(hours, plusSeconds(edge, -0.001));
        const [opens, starts] = [nextOpen(hours, at), nextStart(hours, at)];
        const [closes, closed] = [nextClose(hours, at), prevClose(hours, at)];
        expect(isOpen(hours, opens)).toBe(true);
        expect(opens === at).toBe(isOpen(hours, at));
        expect(closed === at || (justBefore(closed) && !isOpen(hours, closed))).toBe(true);
        expect(starts === null || (isOpen(hours, starts) && !justBefore(starts))).toBe(true);
        expect(closes === null || (!isOpen(hours, closes) && justBefore(closes))).toBe(true);
      }),
    );
  });

  it('intervals are apart, ascending, and hold all working time up to the last', () => {
    fc.assert(
      fc.property(calendar, instant, fc.integer({ min: 1, max: 40 }), (hours, from, count) => {
        const found = intervals(hours, from, count);
        const edges = [from, ...found.flat()];
        expect(edges).toEqual([...edges].sort());
        expect(new Set(edges.slice(1)).size).toBe(found.length * 2);
        const [first, last] = [found[0]?.[0] ?? from, found.at(-1)?.[1] ?? from];
        const open = found.reduce(
          (ms, [start, end]) => ms + Date.parse(end) - Date.parse(start),
          0,
        );
        expect(first).toBe(nextOpen(hours, from));
        expect(workingSecondsBetween(hours, from, last)).toBe(open / 1000);
      }),
    );
  });

  it('a further holiday never adds working time', () => {
    fc.assert(
      fc.property(calendar, date, instant, instant, (hours, holiday, a, b) => {
        const [from, to] = [a, b].sort();
        const more = { ...hours, holidays: [...(hours.holidays ?? []), holiday] };
        expect(workingSecondsBetween(more, from ?? a, to ?? b)).toBeLessThanOrEqual(
          workingSecondsBetween(hours, from ?? a, to ?? b),
        );
      }),
    );
  });
});

describe('against luxon as an independent judge', () => {
  // Spans from 04:00 to 24:00: at those hours no zone here changes its offset.
  const dayTime = fc
    .tuple(fc.integer({ min: 16, max: 90 }), fc.integer({ min: 1, max: 60 }))
    .map(([from, length]): Span => [quarter(from), quarter(Math.min(96, from + length))]);
  const byDay = calendar.chain((hours) =>
    fc.array(fc.array(dayTime, { maxLength: 3 }), { minLength: 7, maxLength: 7 }).map((week) => ({
      ...hours,
      weekly: Object.fromEntries(weekdays.map((day, index) => [day, week[index] ?? []])),
      overrides: {},
      breaks: {},
    })),
  );

  it('an instant is open when its local date is no holiday and its local time is in a span', () => {
    fc.assert(
      fc.property(byDay, instant, (hours, at) => {
        expect(isOpen(hours, at)).toBe(isOpenByLuxon(hours, at));
      }),
      { numRuns: 400 },
    );
  });

  it('round the clock is the same on the short cut and on the long way', () => {
    const long: Calendar = { ...roundTheClock, holidays: ['1970-01-01'] };
    fc.assert(
      fc.property(instant, instant, seconds, (a, b, amount) => {
        expect(workingSecondsBetween(long, a, b)).toBe(workingSecondsBetween(roundTheClock, a, b));
        expect(addWorkingTime(long, a, amount)).toBe(addWorkingTime(roundTheClock, a, amount));
        expect(addWorkingTime(long, a, -amount)).toBe(addWorkingTime(roundTheClock, a, -amount));
      }),
    );
  });
});

function isOpenByLuxon(hours: Calendar, at: Instant): boolean {
  const local = DateTime.fromISO(at, { zone: hours.timezone });
  const [on, clock] = [local.toFormat('yyyy-MM-dd'), local.toFormat('HH:mm')];
  const isHoliday =
    hours.holidays?.includes(on) === true || hours.yearlyHolidays?.includes(on.slice(5)) === true;
  const isClosed = hours.closures?.some(([from, to]) => from <= at && at < to) === true;
  const day = weekdays[local.weekday - 1] ?? 'mon';
  const inSpan = hours.weekly[day]?.some(([from, to]) => from <= clock && clock < to) === true;
  return inSpan && !isHoliday && !isClosed;
}

/** The same calendar, written the other way round. */
function reversed(hours: Calendar): Calendar {
  const turn = (dates: Readonly<Record<string, readonly Span[]>> = {}) =>
    Object.fromEntries(
      Object.entries(dates)
        .toReversed()
        .map(([key, list]) => [key, list.toReversed()]),
    );
  return {
    closures: (hours.closures ?? []).toReversed(),
    breaks: turn(hours.breaks),
    overrides: turn(hours.overrides),
    yearlyHolidays: (hours.yearlyHolidays ?? []).toReversed(),
    holidays: (hours.holidays ?? []).toReversed(),
    weekly: turn(hours.weekly),
    timezone: hours.timezone,
  };
}
