/** What a clock says at any instant. Computed when read, never stored. */
import { earliest, latest, type Instant } from '../instant';
import { workingMsBetween, type Calendar } from './calendar';
import { dueAt, idle, reachedAt } from './clock/deadline';
import type { Clock, ClockState, Pause } from './clock/shape';

export interface Figures extends Pick<Clock, 'id' | 'kind' | 'metric' | 'state' | 'teamId'> {
  readonly targetSeconds: number;
  /** Null while paused and once cancelled. */
  readonly dueAt: Instant | null;
  /** Working time used, whole seconds rounded down, never negative. */
  readonly elapsedSeconds: number;
  /** Negative once overdue. */
  readonly remainingSeconds: number;
  /** Of the target, rounded down to one decimal, so that 100 is a breach. */
  readonly percent: number;
  readonly breached: boolean;
  /**
   * When the present target was missed, whether or not anyone recorded it: at its deadline, or when it
   * came to hold, if that was later.
   */
  readonly breachedAt: Instant | null;
  /** All breaches so far, also of former targets, without the withdrawn ones. */
  readonly breaches: readonly { readonly at: Instant; readonly targetSeconds: number }[];
}

/**
 * The figures at `now`. For a past instant as of then, without the pauses, the stop and the breaches
 * after it, but on the present terms.
 */
export function figures(clock: Clock, calendar: Calendar, now: Instant): Figures {
  const then = asOf(clock, now);
  const { id, kind, metric, state, teamId, terms } = then;
  const { targetSeconds } = terms;
  const elapsed = elapsedMs(then, calendar, now);
  const elapsedSeconds = Math.floor(elapsed / 1000);
  const breach = elapsed >= targetSeconds * 1000 ? breachOf(then, calendar) : undefined;
  const breachedAt = breach && breach.at <= (then.stoppedAt ?? now) ? breach.at : null;
  return {
    id,
    kind,
    metric,
    state,
    teamId,
    targetSeconds,
    dueAt: dueAt(then, calendar),
    elapsedSeconds,
    remainingSeconds: targetSeconds - elapsedSeconds,
    percent: percentOf(elapsed, targetSeconds),
    breached: breachedAt !== null,
    breachedAt,
    breaches: breachesOf(then, breachedAt),
  };
}

/** The breach of the present target: the one that was recorded, or the one that nobody has recorded yet. */
function breachOf(clock: Clock, calendar: Calendar): { at: Instant } {
  const due = reachedAt(clock, calendar, clock.terms.targetSeconds);
  const recorded = clock.breaches.find(
    (one) =>
      one.due === due &&
      one.targetSeconds === clock.terms.targetSeconds &&
      one.withdrawnAt === null,
  );
  return recorded ?? { at: latest(due, clock.termsSince) };
}

/** Working milliseconds from where it counts to `now` or the stop, without those of the pauses. */
export function elapsedMs(clock: Clock, calendar: Calendar, now: Instant): number {
  const until = earliest(now, clock.stoppedAt ?? now);
  if (until <= clock.countsFrom) return 0;
  return idle(clock, until).reduce(
    (ms, { from, to }) => ms - workingMsBetween(calendar, from, to),
    workingMsBetween(calendar, clock.countsFrom, until),
  );
}

/** The clock as it was at an instant, on the present terms. */
export function asOf(clock: Clock, now: Instant): Clock {
  if (clock.stoppedAt !== null && clock.stoppedAt <= now) return clock;
  const pauses = clock.pauses.filter(({ from }) => from <= now);
  const gap = pauses.findLast(({ to }) => to === null || to > now);
  return {
    ...clock,
    state: stateIn(gap),
    stoppedAt: gap?.isStop === true ? gap.from : null,
    pauses: pauses.map((one) => (one.to !== null && one.to > now ? { ...one, to: null } : one)),
    breaches: clock.breaches.filter(({ at }) => at <= now),
  };
}

function stateIn(gap: Pause | undefined): ClockState {
  if (gap === undefined) return 'running';
  return gap.isStop === true ? 'stopped' : 'paused';
}

function percentOf(elapsed: number, targetSeconds: number): number {
  return targetSeconds > 0 ? Math.floor(elapsed / targetSeconds) / 10 : 100;
}

function breachesOf({ breaches, terms }: Clock, breachedAt: Instant | null) {
  const { targetSeconds } = terms;
  const recorded = breaches
    .filter(({ withdrawnAt }) => withdrawnAt === null)
    .map((one) => ({ at: one.at, targetSeconds: one.targetSeconds }));
  const isRecorded = recorded.some(
    (one) => one.at === breachedAt && one.targetSeconds === targetSeconds,
  );
  if (breachedAt === null || isRecorded) return recorded;
  return [...recorded, { at: breachedAt, targetSeconds }];
}
