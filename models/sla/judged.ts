/** What figures over many tickets have to know of a clock: whether and when its promise was, or will be, missed. */
import { latest, type Instant } from '../instant';
import type { Calendar } from './calendar';
import { dueAt } from './clock/deadline';
import type { Clock } from './clock/shape';
import { elapsedMs, figures } from './figures';

export interface Judged {
  readonly dueAt: Instant | null;
  /**
   * From when on the present target is missed: of a running clock this lies ahead until then; null: it was
   * stopped, paused or cancelled before.
   */
  readonly missedAt: Instant | null;
  /** Working milliseconds used; null until it is stopped. */
  readonly elapsedMs: number | null;
}

export function judged(clock: Clock, calendar: Calendar): Judged {
  const due = dueAt(clock, calendar);
  const { state, stoppedAt, termsSince } = clock;
  if (state === 'running')
    return { dueAt: due, missedAt: due && latest(due, termsSince), elapsedMs: null };
  const { breachedAt } = figures(clock, calendar, stoppedAt ?? latest(pausedAt(clock), termsSince));
  const isStopped = state === 'stopped' && stoppedAt !== null;
  const elapsed = isStopped ? elapsedMs(clock, calendar, stoppedAt) : null;
  return { dueAt: due, missedAt: breachedAt, elapsedMs: elapsed };
}

/** Since then nothing is counted. */
function pausedAt({ pauses, startedAt }: Clock): Instant {
  return pauses.find(({ to }) => to === null)?.from ?? startedAt;
}
