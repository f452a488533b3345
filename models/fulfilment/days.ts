/** Days of a plan, counted from its start day in the zone of the organization. */
import { DateTime } from 'luxon';
import { toInstant, type Instant } from '../instant';

/** `YYYY-MM-DD`, in whatever zone. */
export type Day = string;

/** The day on which an instant lies. `zone` is an IANA name. */
export function dayOf(instant: Instant, zone: string): Day {
  return DateTime.fromISO(instant, { zone }).toFormat('yyyy-MM-dd');
}

/** Where the day begins that is `days` later (negative: earlier). */
export function beginOfDay(day: Day, days: number, zone: string): Instant {
  return toInstant(DateTime.fromISO(day, { zone }).plus({ days }).startOf('day').toMillis());
}

/** Where the day ends that is `days` later: the beginning of the next one. */
export function endOfDay(day: Day, days: number, zone: string): Instant {
  return beginOfDay(day, days + 1, zone);
}
