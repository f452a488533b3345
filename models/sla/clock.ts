/**
 * The clock of one promise on one ticket, and the facts that change it.
 * Pure; every function gives a new clock, or the very same one when the fact changes nothing.
 */
import { latest, msOf, toInstant, type Instant } from '../instant';
import { isAmong } from './clock/passed';
import type { Breach, Clock, Passed, Pause, Terms, Version } from './clock/shape';

export { dueAt } from './clock/deadline';
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

export interface Start extends Pick<Clock, 'id' | 'target' | 'metric' | 'kind' | 'terms'> {
  readonly teamId?: string | null;
  /** From where it counts. */
  readonly at: Instant;
  /** When it was promised, where that is later: it was not late before. */
  readonly promisedAt?: Instant;
}

/** A clock that runs from `at`. */
export function startClock(start: Start): Clock {
  const { id, target, metric, kind, terms, teamId = null } = start;
  const startedAt = toInstant(msOf(start.at));
  return {
    ...{ id, target, metric, kind, teamId, state: 'running', terms },
    termsSince: latest(startedAt, start.promisedAt ?? startedAt),
    former: [],
    startedAt,
    countsFrom: startedAt,
    stoppedAt: null,
    pauses: [],
    passed: [],
    breaches: [],
  };
}

/** Time from `at` on does not count until resume. Before a recorded breach it withdraws that. */
export function pause(clock: Clock, at: Instant, why?: string): Clock {
  if (clock.state !== 'running') return clock;
  const from = notBeforeStart(clock, at);
  const gap: Pause = { from, to: null, ...(why !== undefined && { why }) };
  return { ...withdraw(clock, from), state: 'paused', pauses: [...clock.pauses, gap] };
}

/** Time counts again from `at`. */
export function resume(clock: Clock, at: Instant): Clock {
  if (clock.state !== 'paused') return clock;
  return { ...clock, state: 'running', pauses: closed(clock.pauses, notBeforeStart(clock, at)) };
}

/**
 * The promise is kept or broken at `at`. Before a recorded breach it withdraws that. One that was stopped
 * later than that is stopped earlier: what came late had happened in time.
 */
export function stop(clock: Clock, at: Instant): Clock {
  const stoppedAt = notBeforeStart(clock, at);
  if (clock.state === 'stopped' && clock.stoppedAt !== null && stoppedAt < clock.stoppedAt) {
    return { ...withdraw(clock, stoppedAt), stoppedAt };
  }
  return end(clock, 'stopped', stoppedAt);
}

/** The promise no longer holds, as of `at`. A stopped clock has been judged and stays. */
export function cancel(clock: Clock, at: Instant): Clock {
  return end(clock, 'cancelled', notBeforeStart(clock, at));
}

/** A stopped clock goes on from `at`, running; the time in between does not count. */
export function reopen(clock: Clock, at: Instant): Clock {
  const from = clock.stoppedAt;
  if (clock.state !== 'stopped' || from === null) return clock;
  const gap: Pause = { from, to: latest(from, notBeforeStart(clock, at)), isStop: true };
  return { ...clock, state: 'running', stoppedAt: null, pauses: [...clock.pauses, gap] };
}

/**
 * Other terms from `at` on, counted from the start again, or from `at` when they say restart; what was
 * recorded stays. A stopped or cancelled clock keeps the terms it was judged by, so a reopened one is
 * retargeted after reopen.
 */
export function retarget(clock: Clock, terms: Terms, at: Instant): Clock {
  if (clock.stoppedAt !== null || areSame(clock.terms, terms)) return clock;
  const since = latest(clock.termsSince, toInstant(msOf(at)));
  const former = { terms: clock.terms, since: clock.termsSince, until: since };
  return {
    ...clock,
    terms,
    termsSince: since,
    countsFrom: terms.onChange === 'restart' ? since : clock.countsFrom,
    former: [...clock.former, former],
  };
}

export interface Step extends Pick<Passed, 'step' | 'time' | 'due' | 'at'> {
  /** It is the deadline itself. */
  readonly isBreach: boolean;
}

/**
 * Records a step of the present terms as taken; `due` must be the instant that the terms gave, not the
 * time of acting. One that lies after the clock was paused, stopped or cancelled is ignored.
 */
export function pass(clock: Clock, { step, time, due, at, isBreach }: Step): Clock {
  const { targetSeconds } = clock.terms;
  const ceasedAt = clock.stoppedAt ?? clock.pauses.find(({ to }) => to === null)?.from;
  if (ceasedAt !== undefined && at > ceasedAt) return clock;
  const one: Passed = { step, time, due, at, targetSeconds };
  if (isAmong(clock.passed, one)) return clock;
  const passed = [...clock.passed, one];
  if (!isBreach) return { ...clock, passed };
  return {
    ...clock,
    passed,
    breaches: [...clock.breaches, { due, at, targetSeconds, withdrawnAt: null }],
  };
}

/** What a fact took back: breaches that are withdrawn since, and steps no longer taken. */
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

/** Whether two terms say the same; clocks of before rules have no rule to compare. */
export function areSame(a: Terms, b: Terms): boolean {
  return isSameVersion(a.calendar, b.calendar) && areAlike(a, b);
}

/** The same but for the version of the calendar: an edit of that alone moves no running clock. */
export function areAlike(a: Terms, b: Terms): boolean {
  return (
    a.targetSeconds === b.targetSeconds &&
    a.onChange === b.onChange &&
    (a.rule === b.rule || a.rule === null || b.rule === null) &&
    a.calendar.id === b.calendar.id &&
    isSameVersion(a.policy, b.policy)
  );
}

function isSameVersion(a: Version, b: Version): boolean {
  return a.id === b.id && a.version === b.version;
}

function end(clock: Clock, state: 'stopped' | 'cancelled', stoppedAt: Instant): Clock {
  if (clock.stoppedAt !== null) return clock;
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
