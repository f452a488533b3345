/** When a clock reaches its target and its thresholds, on a calendar. */
import { earliest, latest, type Instant } from '../../instant';
import { addWorkingTime, workingMsBetween, type Calendar } from '../calendar';
import { hasPassed } from './passed';
import type { Clock, Pause } from './shape';

export interface Threshold {
  readonly percent: number;
  readonly at: Instant;
}

/**
 * The deadline: of a running clock the one ahead of it, of a stopped one that by which it was judged.
 * Null for a paused or cancelled clock. Business hours, 4 h from Friday 15:00, paused from Friday
 * 16:00 to Monday 10:00, is due on Monday 13:00.
 */
export function dueAt(clock: Clock, calendar: Calendar): Instant | null {
  if (clock.state === 'paused' || clock.state === 'cancelled') return null;
  return reachedAt(clock, calendar, 100);
}

/** The thresholds ahead of a running clock that were not passed yet, ascending; overdue ones included. */
export function thresholds(clock: Clock, calendar: Calendar): Threshold[] {
  if (clock.state !== 'running') return [];
  const percents = new Set([clock.terms.warnPercent, 100, clock.terms.escalatePercent]);
  return [...percents]
    .sort((a, b) => a - b)
    .map((percent) => ({ percent, at: reachedAt(clock, calendar, percent) }))
    .filter(({ percent, at }) => !hasPassed(clock, percent, at));
}

/** The first instant at which so much of the target has been worked. */
export function reachedAt(clock: Clock, calendar: Calendar, percent: number): Instant {
  let left = Math.round(clock.terms.targetSeconds * percent * 10);
  let since = clock.startedAt;
  for (const { from, to } of idle(clock, clock.stoppedAt)) {
    const worked = workingMsBetween(calendar, since, from);
    if (worked >= left) break;
    left -= worked;
    since = to;
  }
  return addWorkingTime(calendar, since, left / 1000);
}

interface Gap {
  readonly from: Instant;
  readonly to: Instant;
}

/** The pauses until an instant, ascending and apart from each other, whatever order they came in. */
export function idle({ startedAt, pauses }: Clock, until: Instant | null): Gap[] {
  const gaps: Gap[] = [];
  let free = startedAt;
  for (const pause of pauses.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const from = latest(pause.from, free);
    const to = ended(pause, until);
    if (to === null || from >= to) continue;
    gaps.push({ from, to });
    free = to;
  }
  return gaps;
}

function ended({ to }: Pause, until: Instant | null): Instant | null {
  return to !== null && until !== null ? earliest(to, until) : (to ?? until);
}
