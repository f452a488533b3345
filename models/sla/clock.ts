/**
 * The clock of one promise on one ticket, and the facts that change it.
 * Pure; every function gives a new clock, or the very same one when the fact changes nothing.
 */
import { latest, msOf, toInstant, type Instant } from '../instant';
import { hasPassed, isAmong } from './clock/passed';
import type { Breach, Clock, Passed, Pause, Terms, Version } from './clock/shape';

export { dueAt, thresholds, type Threshold } from './clock/deadline';
export type {
  Breach,
  Clock,
  ClockKind,
  ClockState,
  Metric,
  Passed,
  Pause,
  Terms,
} from './clock/shape';

interface Start extends Pick<Clock, 'id' | 'metric' | 'kind' | 'terms'> {
  readonly at: Instant;
}

/** A clock that runs from `at`. */
export function startClock({ id, metric, kind, terms, at }: Start): Clock {
  return {
    id,
    metric,
    kind,
    state: 'running',
    terms,
    startedAt: toInstant(msOf(at)),
    stoppedAt: null,
    pauses: [],
    passed: [],
    breaches: [],
  };
}

/** Time from `at` on does not count until resume. Before a recorded breach it withdraws that. */
export function pause(clock: Clock, at: Instant): Clock {
  if (clock.state !== 'running') return clock;
  const from = notBeforeStart(clock, at);
  return {
    ...withdraw(clock, from),
    state: 'paused',
    pauses: [...clock.pauses, { from, to: null }],
  };
}

/** Time counts again from `at`. */
export function resume(clock: Clock, at: Instant): Clock {
  if (clock.state !== 'paused') return clock;
  return { ...clock, state: 'running', pauses: closed(clock.pauses, notBeforeStart(clock, at)) };
}

/** The promise is kept or broken at `at`. Before a recorded breach it withdraws that. */
export function stop(clock: Clock, at: Instant): Clock {
  return end(clock, 'stopped', at);
}

/** The promise no longer holds, as of `at`. A stopped clock has been judged and stays. */
export function cancel(clock: Clock, at: Instant): Clock {
  return end(clock, 'cancelled', at);
}

/** A stopped clock goes on from `at`, running; the time in between does not count. */
export function reopen(clock: Clock, at: Instant): Clock {
  const from = clock.stoppedAt;
  if (clock.state !== 'stopped' || from === null) return clock;
  const gap: Pause = { from, to: latest(from, notBeforeStart(clock, at)), isStop: true };
  return { ...clock, state: 'running', stoppedAt: null, pauses: [...clock.pauses, gap] };
}

/**
 * Counts from the start again on other terms; what was recorded stays. A stopped or cancelled clock
 * keeps the terms it was judged by, so a reopened one is retargeted after reopen.
 */
export function retarget(clock: Clock, terms: Terms): Clock {
  if (clock.stoppedAt !== null || areSame(clock.terms, terms)) return clock;
  return { ...clock, terms };
}

/**
 * Records a threshold of the present terms as passed; 100 is a breach. `at` must be the instant
 * that `thresholds` gave, not the time of acting: only then is it known as passed.
 * An instant after the clock was paused, stopped or cancelled is ignored.
 */
export function pass(clock: Clock, percent: number, at: Instant): Clock {
  const { targetSeconds } = clock.terms;
  const ceasedAt = clock.stoppedAt ?? clock.pauses.find(({ to }) => to === null)?.from;
  if (ceasedAt !== undefined && at > ceasedAt) return clock;
  if (hasPassed(clock, percent, at)) return clock;
  const passed = [...clock.passed, { percent, at, targetSeconds }];
  if (percent !== 100) return { ...clock, passed };
  return {
    ...clock,
    passed,
    breaches: [...clock.breaches, { at, targetSeconds, withdrawnAt: null }],
  };
}

/** What a fact took back: breaches that are withdrawn since, and thresholds no longer passed. */
export function withdrawn(
  before: Clock,
  after: Clock,
): { breaches: readonly Breach[]; passed: readonly Passed[] } {
  return {
    breaches: after.breaches.filter(
      ({ withdrawnAt }, index) =>
        withdrawnAt !== null && before.breaches[index]?.withdrawnAt === null,
    ),
    passed: before.passed.filter((one) => !isAmong(after.passed, one)),
  };
}

function end(clock: Clock, state: 'stopped' | 'cancelled', at: Instant): Clock {
  if (clock.stoppedAt !== null) return clock;
  const stoppedAt = notBeforeStart(clock, at);
  return {
    ...withdraw(clock, stoppedAt),
    state,
    stoppedAt,
    pauses: closed(clock.pauses, stoppedAt),
  };
}

function closed(pauses: readonly Pause[], at: Instant): readonly Pause[] {
  return pauses.map((one) => (one.to === null ? { ...one, to: latest(one.from, at) } : one));
}

/** What was reckoned by the present target and lies after `at` has not happened. */
function withdraw(clock: Clock, at: Instant): Clock {
  const isUndone = (one: { at: Instant; targetSeconds: number }) =>
    one.at > at && one.targetSeconds === clock.terms.targetSeconds;
  return {
    ...clock,
    passed: clock.passed.filter((one) => !isUndone(one)),
    breaches: clock.breaches.map((one) =>
      one.withdrawnAt === null && isUndone(one) ? { ...one, withdrawnAt: at } : one,
    ),
  };
}

function notBeforeStart(clock: Clock, at: Instant): Instant {
  return latest(clock.startedAt, toInstant(msOf(at)));
}

function areSame(a: Terms, b: Terms): boolean {
  return (
    a.targetSeconds === b.targetSeconds &&
    a.warnPercent === b.warnPercent &&
    a.escalatePercent === b.escalatePercent &&
    areSameVersion(a.policy, b.policy) &&
    areSameVersion(a.calendar, b.calendar)
  );
}

function areSameVersion(a: Version, b: Version): boolean {
  return a.id === b.id && a.version === b.version;
}
