import * as fc from 'fast-check';
import { ahead, aClock, takingNext, terms as termsOf } from '../../tests/clocks';
import { latest, plusSeconds, type Instant } from '../instant';
import { businessHours, roundTheClock, type Calendar } from './calendar';
import { cancel, dueAt, pause, reopen, resume, retarget, stop, type Clock } from './clock';
import { asOf, figures } from './figures';

const epoch = '2026-03-27T00:00:00.000Z';
const minutes = 14 * 24 * 60;
const calendars: readonly Calendar[] = [
  roundTheClock,
  businessHours('Europe/Berlin'),
  {
    timezone: 'America/New_York',
    weekly: { fri: [['22:00', '06:00']], mon: [['09:00', '17:00']] },
  },
];

const minute = fc.integer({ min: 0, max: minutes });
const instant = minute.map((n) => plusSeconds(epoch, n * 60));
const calendar = fc.constantFrom(...calendars);
const terms = fc
  .tuple(fc.constantFrom(1, 4, 25.017), fc.constantFrom('keepElapsed', 'keepElapsed', 'restart'))
  .map(([hours, onChange]) => termsOf(hours, { onChange }));

type Change = (clock: Clock, hours: Calendar) => Clock;

/** A fact at any instant, so also late ones, and those that do not fit the state. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.constantFrom(pause, pause, resume, resume, stop, reopen, reopen), instant).map(
    ([apply, at]): Change =>
      (clock) =>
        apply(clock, at),
  ),
  fc.tuple(terms, instant).map(
    ([next, at]): Change =>
      (clock) =>
        retarget(clock, next, at),
  ),
  fc.constant<Change>(takingNext),
);

const history = fc
  .record({
    at: instant,
    promisedAt: instant,
    first: terms,
    hours: calendar,
    changes: fc.array(change, { maxLength: 12 }),
  })
  .map(({ at, promisedAt, first, hours, changes }) => {
    const start = aClock({ terms: first, at, promisedAt });
    return { hours, clock: changes.reduce((clock, apply) => apply(clock, hours), start) };
  });

/** When the present target is missed: as it was recorded, else at its deadline, not before it was promised. */
function missedAt(clock: Clock, due: Instant): Instant {
  const { termsSince, terms: present } = clock;
  const recorded = clock.breaches.find(
    (one) =>
      one.due === due && one.withdrawnAt === null && one.targetSeconds === present.targetSeconds,
  );
  return recorded?.at ?? latest(due, termsSince);
}

describe('a clock, whatever facts it met in whatever order', () => {
  it('has elapsed time that is never negative and never decreases', () => {
    fc.assert(
      fc.property(history, instant, minute, ({ clock, hours }, now, later) => {
        const first = figures(clock, hours, now).elapsedSeconds;
        const second = figures(clock, hours, plusSeconds(now, later * 60)).elapsedSeconds;
        expect(first).toBeGreaterThanOrEqual(0);
        expect(second).toBeGreaterThanOrEqual(first);
      }),
      { numRuns: 500 },
    );
  });

  it('is breached exactly from its deadline on, or from when it was promised', () => {
    fc.assert(
      fc.property(history, ({ clock, hours }) => {
        const due = dueAt(clock, hours);
        fc.pre(due !== null && clock.state === 'running');
        const missed = missedAt(clock, due);
        // A late stop may lie before the promise; then nobody could have said so until it was reopened.
        fc.pre(!clock.pauses.some(({ from, to }) => from < missed && to !== null && to > missed));
        const at = (now: Instant) => figures(clock, hours, now);
        expect(at(missed)).toMatchObject({ breached: true, breachedAt: missed });
        expect(at(plusSeconds(missed, -0.001)).breached).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('has a breach when at least the whole target has elapsed, once it was promised', () => {
    fc.assert(
      fc.property(history, instant, ({ clock, hours }, now) => {
        const seen = figures(clock, hours, now);
        expect(seen.percent >= 100).toBe(seen.remainingSeconds <= 0);
        if (seen.breached) expect(seen.percent).toBeGreaterThanOrEqual(100);
        // It may have been stopped then, and reopened since.
        const until = asOf(clock, now).stoppedAt ?? now;
        const isPromised = until >= clock.termsSince && now >= clock.termsSince;
        if (isPromised) expect(seen.breached).toBe(seen.percent >= 100);
        expect(seen.breachedAt === null || seen.breachedAt <= now).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('lists its present breach, once, recorded or not', () => {
    fc.assert(
      fc.property(history, instant, ({ clock, hours }, now) => {
        const { breachedAt, breaches, targetSeconds } = figures(clock, hours, now);
        fc.pre(breachedAt !== null);
        const present = breaches.filter(
          (one) => one.at === breachedAt && one.targetSeconds === targetSeconds,
        );
        expect(present).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('has elapsed what it was running, minute by minute', () => {
    const always = history.map(({ clock }) => clock);
    fc.assert(
      fc.property(always, fc.integer({ min: 0, max: 3000 }), (clock, length) => {
        const running = Array.from({ length }, (_, n) =>
          plusSeconds(clock.startedAt, n * 60),
        ).filter(
          (at) => at >= clock.countsFrom && figures(clock, roundTheClock, at).state === 'running',
        );
        const now = plusSeconds(clock.startedAt, length * 60);
        expect(figures(clock, roundTheClock, now).elapsedSeconds).toBe(running.length * 60);
      }),
      { numRuns: 30 },
    );
  });

  it('counts the same after a pause that ends at its own instant', () => {
    fc.assert(
      fc.property(history, instant, instant, ({ clock, hours }, at, now) => {
        fc.pre(clock.state === 'running');
        const after = resume(pause(clock, at), at);
        expect(dueAt(after, hours)).toBe(dueAt(clock, hours));
        const [seen, expected] = [after, clock].map((one) => figures(one, hours, now));
        expect(seen?.elapsedSeconds).toBe(expected?.elapsedSeconds);
        if (clock.former.length === 0) expect(seen?.breachedAt).toBe(expected?.breachedAt);
      }),
    );
  });

  it('has its old deadline and steps after another target and back, unless it began again', () => {
    fc.assert(
      fc.property(history, terms, instant, ({ clock, hours }, other, at) => {
        fc.pre([clock.terms, other].every(({ onChange }) => onChange === 'keepElapsed'));
        const back = retarget(retarget(clock, other, at), clock.terms, at);
        expect(dueAt(back, hours)).toBe(dueAt(clock, hours));
        const [keys, expected] = [back, clock].map((one) => ahead(one, hours).map(([key]) => key));
        expect(keys).toEqual(expected);
      }),
    );
  });

  it('has steps ahead that end when each was taken', () => {
    fc.assert(
      fc.property(history, ({ clock, hours }) => {
        const instants = ahead(clock, hours).map(([, at]) => at);
        expect(instants).toEqual(instants.toSorted());
        const done = instants.reduce((one) => takingNext(one, hours), clock);
        expect(ahead(done, hours)).toEqual([]);
      }),
    );
  });

  it('survives being stored, and ends for good when cancelled', () => {
    fc.assert(
      fc.property(history, instant, instant, ({ clock, hours }, at, now) => {
        const stored: unknown = JSON.parse(JSON.stringify(clock));
        expect(stored).toEqual(clock);
        const ended = cancel(clock, at);
        expect(ended.state === 'cancelled').toBe(clock.state !== 'stopped');
        expect(ahead(ended, hours)).toEqual([]);
        expect(figures(ended, hours, now).elapsedSeconds).toBeLessThanOrEqual(
          figures(clock, hours, now).elapsedSeconds,
        );
      }),
    );
  });
});
