/** When a clock reaches its target, on a calendar. */
import { earliest, latest, type Instant } from '../../instant';
import { addWorkingTime, workingMsBetween, type Calendar } from '../calendar';
import type { Clock, Pause } from './shape';

/**
 * The deadline: of a running clock the one ahead of it, of a stopped one that by which it was judged.
 * Null for a paused or cancelled clock. Business hours, 4 h from Friday 15:00, paused from Friday
 * 16:00 to Monday 10:00, is due on Monday 13:00.
 */
export function dueAt(clock: Clock, calendar: Calendar): Instant | null {
  if (clock.state === 'paused' || clock.state === 'cancelled') return null;
  return reachedAt(clock, calendar, clock.terms.targetSeconds);
}

/** The first instant at which so many working seconds have been counted; not before it counts. */
export function reachedAt(clock: Clock, calendar: Calendar, seconds: number): Instant {
  let left = Math.max(0, Math.round(seconds * 1000));
  let since = clock.countsFrom;
  for (const { from, to } of idle(clock, clock.stoppedAt)) {
    const worked = workingMsBetween(calendar, since, from);
    if (worked >= left) break;
    left -= worked;
    since = to;
  }
  return addWorkingTime(calendar, since, left / 1000);
}

export interface Gap extends Pick<Pause, 'isStop' | 'why'> {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The pauses since it counts until an instant, ascending and apart from each other, whatever order they
 * came in.
 */
export function idle({ countsFrom, pauses }: Clock, until: Instant | null): Gap[] {
  const gaps: Gap[] = [];
  let free = countsFrom;
  for (const pause of pauses.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const from = latest(pause.from, free);
    const to = ended(pause, until);
    if (to === null || from >= to) continue;
    gaps.push({ ...pause, from, to });
    free = to;
  }
  return gaps;
}

function ended({ to }: Pause, until: Instant | null): Instant | null {
  return to !== null && until !== null ? earliest(to, until) : (to ?? until);
}
