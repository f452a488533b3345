import * as fc from 'fast-check';
import { calendarsIn, zonesOfAllKinds } from '../../tests/calendars';
import { msOf, plusSeconds, type Instant } from '../instant';
import type { Calendar } from './calendar';
import { cancel, pause, reopen, resume, retarget, startClock, stop, type Clock } from './clock';
import type { Terms } from './clock/shape';
import { asOf, elapsedMs, figures } from './figures';
import { judged } from './judged';
import { ledgerOf, type Entry } from './ledger';

interface Case {
  readonly clock: Clock;
  readonly hours: Calendar;
  readonly now: Instant;
}

const terms = fc
  .record({
    targetSeconds: fc.integer({ min: 1, max: 400_000 }),
    onChange: fc.constantFrom('keepElapsed', 'restart'),
  })
  .map((one): Terms => ({
    policy: { id: 'standard', version: 1 },
    rule: 'all',
    calendar: { id: 'office', version: 1 },
    ...one,
  }));

type Change = (clock: Clock) => Clock;

/** A fact at any instant, so also late ones, and those that do not fit the state. */
function changesAt(instant: fc.Arbitrary<Instant>): fc.Arbitrary<Change> {
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(pause, pause, resume, resume, stop, reopen, reopen, cancel), instant)
      .map(
        ([apply, at]): Change =>
          (clock) =>
            apply(clock, at),
      ),
    fc.tuple(terms, instant).map(
      ([next, at]): Change =>
        (clock) =>
          retarget(clock, next, at),
    ),
  );
}

/** In the years in which zones changed their rules. */
const cases: fc.Arbitrary<Case> = fc.constantFrom(2007, 2011, 2016, 2018, 2026).chain((year) => {
  const { calendar, instant } = calendarsIn(zonesOfAllKinds, year);
  return fc
    .record({
      ...{ hours: calendar, at: instant, first: terms, now: instant },
      changes: fc.array(changesAt(instant), { maxLength: 12 }),
    })
    .map(({ hours, at, first, now, changes }) => {
      const about = { id: 'r', target: 'r', metric: 'resolution', kind: 'SLA' } as const;
      const start = startClock({ ...about, terms: first, at });
      return { hours, now, clock: changes.reduce((clock, apply) => apply(clock), start) };
    });
});

const sum = (entries: readonly Entry[], isCounted: boolean) =>
  entries.filter((one) => one.isCounted === isCounted).reduce((ms, one) => ms + one.ms, 0);

describe('the ledger of a clock, whatever facts it met, in 27 zones', () => {
  it('counts exactly what has elapsed', () => {
    fc.assert(
      fc.property(cases, ({ clock, hours, now }) => {
        const counted = sum(ledgerOf(clock, hours, now), true);
        expect(counted).toBe(elapsedMs(asOf(clock, now), hours, now));
        expect(Math.floor(counted / 1000)).toBe(figures(clock, hours, now).elapsedSeconds);
      }),
      { numRuns: 400 },
    );
  });

  it('tells of all the time since the start, piece by piece', () => {
    fc.assert(
      fc.property(cases, ({ clock, hours, now }) => {
        const entries = ledgerOf(clock, hours, now);
        const ceased = asOf(clock, now).stoppedAt ?? now;
        const until = ceased < now ? ceased : now;
        fc.pre(until > clock.startedAt);
        expect(entries[0]?.from).toBe(clock.startedAt);
        expect(entries.at(-1)?.to).toBe(until);
        // One by one an expectation each would take ten times as long.
        const odd = entries.filter(
          ({ from, to, ms }, k) =>
            ms <= 0 || ms !== msOf(to) - msOf(from) || (k > 0 && from !== entries[k - 1]?.to),
        );
        expect(odd).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('is missed for figures over many tickets when its own figures say so', () => {
    fc.assert(
      fc.property(cases, ({ clock, hours }) => {
        const { missedAt, dueAt } = judged(clock, hours);
        // Later than every fact.
        const now = [
          clock.stoppedAt,
          clock.termsSince,
          missedAt,
          ...clock.pauses.map(({ from, to }) => to ?? from),
        ]
          .filter((one) => one !== null)
          .reduce((a, b) => (a > b ? a : b), clock.startedAt);
        const seen = figures(clock, hours, now);
        expect(missedAt).toBe(seen.breachedAt);
        expect(dueAt).toBe(seen.dueAt);
        if (clock.state !== 'running' || missedAt === null) return;
        const before = plusSeconds(missedAt, -0.001);
        fc.pre(clock.pauses.every(({ to }) => to !== null && to <= before));
        fc.pre(before >= clock.termsSince);
        expect(figures(clock, hours, before).breachedAt).toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});
