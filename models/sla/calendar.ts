/**
 * Business time: what a calendar's hours make of real time. Pure; nothing here reads a clock.
 * Working time is real elapsed time, to the millisecond, so a day of 23 or 25 hours counts as such.
 */
import { msOf, toInstant, type Instant } from '../instant';
import type { Calendar, Span } from './calendar/shape';
import { blockMs, openingOf } from './calendar/opening';
import { reachedAfter, reachedBefore, tooFar, workedMs } from './calendar/reach';
import { NeverOpen, openAfter, openBefore, stretchesAfter, tenYearsMs } from './calendar/walk';

export type { Calendar, Span, Weekday } from './calendar/shape';

const wholeDay: readonly Span[] = [['00:00', '24:00']];
const nineToFive: readonly Span[] = [['09:00', '17:00']];

/** Every second of every day. */
export const roundTheClock: Calendar = {
  timezone: 'UTC',
  weekly: {
    mon: wholeDay,
    tue: wholeDay,
    wed: wholeDay,
    thu: wholeDay,
    fri: wholeDay,
    sat: wholeDay,
    sun: wholeDay,
  },
};

/** Monday to Friday, 09:00 to 17:00 local time. */
export function businessHours(timezone: string): Calendar {
  return {
    timezone,
    weekly: {
      mon: nineToFive,
      tue: nineToFive,
      wed: nineToFive,
      thu: nineToFive,
      fri: nineToFive,
    },
  };
}

/**
 * The instant at which `seconds` have been worked since `from`, which may be a closing time.
 * Friday 16:00 plus 2 h on business hours is Monday 10:00. Negative seconds go back, 0 gives `from`.
 * A RangeError beyond a hundred years; an Error when the calendar stays closed for ten.
 */
export function addWorkingTime(calendar: Calendar, from: Instant, seconds: number): Instant {
  const start = msOf(from);
  const ms = Math.round(seconds * 1000);
  if (ms > 0) return toInstant(reachedAfter(calendar, start, ms));
  return ms < 0 ? toInstant(reachedBefore(calendar, start, -ms)) : from;
}

/**
 * Seconds worked from `from` to `to`, negative when they are reversed. Friday 16:00 to Monday 10:00
 * on business hours is 7200. Errors as for addWorkingTime.
 */
export function workingSecondsBetween(calendar: Calendar, from: Instant, to: Instant): number {
  return workingMsBetween(calendar, from, to) / 1000;
}

/** The same in whole milliseconds, for sums that must be exact. */
export function workingMsBetween(calendar: Calendar, from: Instant, to: Instant): number {
  const [start, end] = [msOf(from), msOf(to)];
  // Subtracted from 0, so that no time is 0 and not -0.
  return start <= end ? workedMs(calendar, start, end) : 0 - workedMs(calendar, end, start);
}

/** Whether the instant is worked; the opening is, the closing is not. */
export function isOpen(calendar: Calendar, at: Instant): boolean {
  const ms = msOf(at);
  const block = openingOf(calendar).blockOf(Math.floor(ms / blockMs));
  return block.some(([from, to]) => from <= ms && ms < to);
}

/** The first working instant at or after `at`; an Error when there is none within ten years. */
export function nextOpen(calendar: Calendar, at: Instant): Instant {
  for (const [from] of openAfter(calendar, msOf(at))) return toInstant(from);
  throw tooFar();
}

/** The first opening strictly after `at`; null when the calendar does not close for ten years. */
export function nextStart(calendar: Calendar, at: Instant): Instant | null {
  const ms = msOf(at);
  for (const [from] of stretchesAfter(calendar, ms)) if (from > ms) return toInstant(from);
  return null;
}

/** The next closing strictly after `at`; null when the calendar does not close for ten years. */
export function nextClose(calendar: Calendar, at: Instant): Instant | null {
  for (const [, to] of stretchesAfter(calendar, msOf(at)))
    return to === Infinity ? null : toInstant(to);
  return null;
}

/** `at` while open, else the last closing before it; an Error when there is none within ten years. */
export function prevClose(calendar: Calendar, at: Instant): Instant {
  if (isOpen(calendar, at)) return at;
  for (const [, to] of openBefore(calendar, msOf(at))) return toInstant(to);
  throw tooFar();
}

/**
 * The next `count` stretches of working time, the first one cut at `from` when that is open.
 * One that does not close is cut ten years after its start and is the last.
 */
export function intervals(calendar: Calendar, from: Instant, count: number): [Instant, Instant][] {
  const found: [Instant, Instant][] = [];
  if (count < 1) return found;
  for (const [start, end] of stretchesAfter(calendar, msOf(from))) {
    found.push([toInstant(start), toInstant(Math.min(end, start + tenYearsMs))]);
    if (found.length >= count) break;
  }
  return found;
}

/** Each stretch of working time in [from, until), cut at both, the first first; at most `most` of them. */
export function openingsIn(
  calendar: Calendar,
  from: Instant,
  until: Instant,
  most: number,
): [Instant, Instant][] {
  const [begin, stop] = [msOf(from), msOf(until)];
  const found: [Instant, Instant][] = [];
  try {
    for (const [start, end] of stretchesAfter(calendar, begin)) {
      if (start >= stop || found.length >= most) break;
      found.push([toInstant(start), toInstant(Math.min(end, stop))]);
    }
  } catch (error) {
    // It does not open any more.
    if (!(error instanceof NeverOpen)) throw error;
  }
  return found;
}
