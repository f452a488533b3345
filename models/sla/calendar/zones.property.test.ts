/** What holds in every zone, over years in which it changed its offset in whatever way. */
import * as fc from 'fast-check';
import { calendarsIn, zonesOfAllKinds } from '../../../tests/calendars';
import { msOf, plusSeconds, toInstant, type Instant } from '../../instant';
import {
  addWorkingTime,
  intervals,
  isOpen,
  openingsIn,
  workingMsBetween,
  workingSecondsBetween,
  type Calendar,
} from '../calendar';
import { segmentsOf } from './reasons';

const numRuns = 300;

interface Case {
  readonly hours: Calendar;
  readonly from: Instant;
}

/** Years in which zones of the list changed their rules, and one that is far away. */
const years = [2007, 2010, 2011, 2014, 2016, 2018, 2020, 2023, 2026, 2028, 2060, 2099];
const cases: fc.Arbitrary<Case> = fc.constantFrom(...years).chain((year) => {
  const { calendar, instant } = calendarsIn(zonesOfAllKinds, year);
  return fc.record({ hours: calendar, from: instant });
});
/** Short ones and some years: those are summed by blocks. */
const seconds = fc
  .oneof(fc.integer({ min: 1, max: 400_000_000 }), fc.integer({ min: 1, max: 60_000_000_000 }))
  .map((ms) => ms / 1000);
const realMs = fc.oneof(fc.nat(5 * 86_400_000), fc.nat(500 * 86_400_000));

/** The sum of the openings one by one: no block of them is summed at once. */
function walked(hours: Calendar, from: Instant, to: Instant): number {
  return openingsIn(hours, from, to, Infinity).reduce(
    (ms, [start, end]) => ms + msOf(end) - msOf(start),
    0,
  );
}

describe(`in ${zonesOfAllKinds.length} zones`, () => {
  it('there are at least twenty of them', () => {
    expect(new Set(zonesOfAllKinds).size).toBeGreaterThanOrEqual(20);
  });

  it('adding and then measuring gives the same seconds, forwards and backwards', () => {
    fc.assert(
      fc.property(cases, seconds, fc.boolean(), ({ hours, from }, amount, isBack) => {
        const signed = isBack ? -amount : amount;
        const to = addWorkingTime(hours, from, signed);
        expect(workingSecondsBetween(hours, from, to)).toBe(signed);
        expect(workingSecondsBetween(hours, to, from)).toBe(-signed);
        const inner = isBack ? 0 : -0.001;
        expect(isOpen(hours, plusSeconds(to, inner))).toBe(true);
      }),
      { numRuns },
    );
  });

  it('what is summed by blocks is what the openings come to one by one', () => {
    fc.assert(
      fc.property(cases, realMs, ({ hours, from }, ms) => {
        const to = toInstant(msOf(from) + ms);
        expect(workingMsBetween(hours, from, to)).toBe(walked(hours, from, to));
      }),
      { numRuns },
    );
  });

  it('a due date is where walking the openings one by one comes to', () => {
    fc.assert(
      fc.property(cases, seconds, ({ hours, from }, amount) => {
        const due = addWorkingTime(hours, from, amount);
        expect(openingsIn(hours, from, due, Infinity).at(-1)?.[1]).toBe(due);
        expect(walked(hours, from, due)).toBe(Math.round(amount * 1000));
      }),
      { numRuns },
    );
  });

  it('an opening is worked and a closing is not', () => {
    fc.assert(
      fc.property(cases, ({ hours, from }) => {
        for (const [start, end] of intervals(hours, from, 20)) {
          const edges = [start, plusSeconds(end, -0.001), end].map((at) => isOpen(hours, at));
          expect(edges).toEqual([true, true, false]);
          if (start !== from) expect(isOpen(hours, plusSeconds(start, -0.001))).toBe(false);
        }
      }),
      { numRuns },
    );
  });

  it('every second of a day is worked round the clock, whatever its length', () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const weekly = Object.fromEntries(days.map((day) => [day, [['00:00', '24:00'] as const]]));
    fc.assert(
      fc.property(cases, realMs, ({ hours, from }, ms) => {
        const always = { timezone: hours.timezone, weekly, holidays: ['1999-01-01'] };
        const to = toInstant(msOf(from) + ms);
        expect(workingMsBetween(always, from, to)).toBe(ms);
        expect(addWorkingTime(always, from, ms / 1000)).toBe(to);
      }),
      { numRuns },
    );
  });

  it('29 February is a date of leap years only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zonesOfAllKinds),
        fc.integer({ min: 1972, max: 2104 }),
        (timezone, year) => {
          const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
          const weekly = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
          const open = Object.fromEntries(
            Object.keys(weekly).map((day) => [day, [['10:00', '12:00'] as const]]),
          );
          const hours = { timezone, weekly: open, yearlyHolidays: ['02-29'] };
          const [from, to] = [`${year}-02-26T00:00:00.000Z`, `${year}-03-04T00:00:00.000Z`];
          const usual = workingMsBetween({ timezone, weekly: open }, from, to);
          const day = isLeap ? 2 * 3_600_000 : 0;
          expect(usual - workingMsBetween(hours, from, to)).toBe(day);
        },
      ),
      { numRuns },
    );
  });
});

describe('the segments of a calendar', () => {
  it('touch without a gap and come to what is worked, to the millisecond', () => {
    fc.assert(
      fc.property(cases, fc.nat(60 * 86_400_000), ({ hours, from }, ms) => {
        const to = toInstant(msOf(from) + ms);
        const segments = segmentsOf(hours, from, to, 5_000);
        const edges = segments.flatMap((one) => [one.from, one.to]);
        expect([from, ...edges]).toEqual(ms === 0 ? [from] : [from, ...touching(edges), to]);
        const worked = segments
          .filter(({ isWorked }) => isWorked)
          .reduce((sum, one) => sum + msOf(one.to) - msOf(one.from), 0);
        expect(worked).toBe(workingMsBetween(hours, from, to));
        for (const one of segments) {
          const ends = [one.from, plusSeconds(one.to, -0.001)];
          expect(ends.map((at) => isOpen(hours, at))).toEqual([one.isWorked, one.isWorked]);
        }
      }),
      { numRuns },
    );
  });

  it('differ from their neighbours, and go on where they were cut off', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 7 }), ({ hours, from }, most) => {
        const to = plusSeconds(from, 6 * 86_400);
        const all = segmentsOf(hours, from, to, 5_000);
        const kinds = all.map(({ day, rule, isWorked }) => `${day} ${rule} ${isWorked}`);
        expect(kinds.some((kind, index) => kind === kinds[index - 1])).toBe(false);
        const paged = [];
        for (let at = from; at < to; at = paged.at(-1)?.to ?? to)
          paged.push(...segmentsOf(hours, at, to, most));
        expect(paged).toEqual(all);
      }),
      { numRuns },
    );
  });
});

/** The same edges when each segment but the first begins where the one before ended. */
function touching(edges: readonly Instant[]): Instant[] {
  const ends = edges.filter((_, index) => index % 2 === 1);
  return edges
    .slice(0, -1)
    .map((edge, index) => (index % 2 === 0 ? (ends[index / 2 - 1] ?? edge) : edge));
}
