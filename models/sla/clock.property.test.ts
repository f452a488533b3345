import * as fc from 'fast-check';
import { plusSeconds, type Instant } from '../instant';
import { businessHours, roundTheClock, type Calendar } from './calendar';
import {
  cancel,
  dueAt,
  pass,
  pause,
  reopen,
  resume,
  retarget,
  startClock,
  stop,
  thresholds,
  type Clock,
  type Terms,
} from './clock';
import { figures } from './figures';

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
const terms = fc.constantFrom(3600, 14_400, 90_061).map((targetSeconds): Terms => ({
  policy: { id: 'standard', version: 1 },
  calendar: { id: 'office', version: 1 },
  targetSeconds,
  warnPercent: 75,
  escalatePercent: 150,
}));

type Change = (clock: Clock, hours: Calendar) => Clock;

/** A fact at any instant, so also late ones, and those that do not fit the state. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.constantFrom(pause, pause, resume, resume, stop, reopen, reopen), instant).map(
    ([apply, at]): Change =>
      (clock) =>
        apply(clock, at),
  ),
  terms.map(
    (next): Change =>
      (clock) =>
        retarget(clock, next),
  ),
  fc.constant<Change>((clock, hours) => {
    const due = thresholds(clock, hours)[0];
    return due === undefined ? clock : pass(clock, due.percent, due.at);
  }),
);

const history = fc
  .record({
    at: instant,
    first: terms,
    hours: calendar,
    changes: fc.array(change, { maxLength: 12 }),
  })
  .map(({ at, first, hours, changes }) => {
    const start = startClock({ id: 'r', metric: 'resolution', kind: 'SLA', terms: first, at });
    return { hours, clock: changes.reduce((clock, apply) => apply(clock, hours), start) };
  });

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

  it('is breached exactly from its deadline on', () => {
    fc.assert(
      fc.property(history, ({ clock, hours }) => {
        const due = dueAt(clock, hours);
        fc.pre(due !== null && clock.state === 'running');
        const at = (now: Instant) => figures(clock, hours, now);
        expect(at(due)).toMatchObject({ breached: true, breachedAt: due });
        expect(at(plusSeconds(due, -0.001)).breached).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('has a breach when, and only when, at least the whole target has elapsed', () => {
    fc.assert(
      fc.property(history, instant, ({ clock, hours }, now) => {
        const seen = figures(clock, hours, now);
        expect(seen.breached).toBe(seen.remainingSeconds <= 0);
        expect(seen.breached).toBe(seen.percent >= 100);
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
        ).filter((at) => figures(clock, roundTheClock, at).state === 'running');
        const now = plusSeconds(clock.startedAt, length * 60);
        expect(figures(clock, roundTheClock, now).elapsedSeconds).toBe(running.length * 60);
      }),
      { numRuns: 30 },
    );
  });

  it('is not changed by a pause that ends at its own instant', () => {
    fc.assert(
      fc.property(history, instant, instant, ({ clock, hours }, at, now) => {
        fc.pre(clock.state === 'running');
        const after = resume(pause(clock, at), at);
        expect(dueAt(after, hours)).toBe(dueAt(clock, hours));
        const expected = { ...figures(clock, hours, now), breaches: [] };
        expect({ ...figures(after, hours, now), breaches: [] }).toEqual(expected);
      }),
    );
  });

  it('has its old deadline after another target and back', () => {
    fc.assert(
      fc.property(history, terms, ({ clock, hours }, other) => {
        const back = retarget(retarget(clock, other), clock.terms);
        expect(dueAt(back, hours)).toBe(dueAt(clock, hours));
        expect(thresholds(back, hours)).toEqual(thresholds(clock, hours));
      }),
    );
  });

  it('has thresholds that end when each was passed', () => {
    fc.assert(
      fc.property(history, ({ clock, hours }) => {
        const ahead = thresholds(clock, hours);
        expect(ahead.map(({ at }) => at)).toEqual(ahead.map(({ at }) => at).sort());
        const done = ahead.reduce((one, { percent, at }) => pass(one, percent, at), clock);
        expect(thresholds(done, hours)).toEqual([]);
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
        expect(thresholds(ended, hours)).toEqual([]);
        expect(figures(ended, hours, now).elapsedSeconds).toBeLessThanOrEqual(
          figures(clock, hours, now).elapsedSeconds,
        );
      }),
    );
  });
});
