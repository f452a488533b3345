/** What a business calendar is: plain JSON that administrators edit. */
import type { Instant } from '../../instant';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof weekdays)[number];

/** Local times `HH:mm`, half-open. A closing at or before its opening is on the next day; `24:00` closes a day. */
export type Span = readonly [opening: string, closing: string];

/** All but `timezone` and `weekly` may be absent. Dates are local and name the day on which a span opens. */
export interface Calendar {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timezone: string;
  readonly weekly: Readonly<Partial<Record<Weekday, readonly Span[]>>>;
  /** Closed dates, `YYYY-MM-DD`. */
  readonly holidays?: readonly string[];
  /** Closed dates of every year, `MM-DD`; `02-29` counts in leap years only. */
  readonly yearlyHolidays?: readonly string[];
  /** The hours of a date instead of its weekly ones; wins over a holiday. */
  readonly overrides?: Readonly<Record<string, readonly Span[]>>;
  /** Local times of a date in which nobody works, whichever day's hours run then. */
  readonly breaks?: Readonly<Record<string, readonly Span[]>>;
  /** Stretches of absolute time in which nobody works, RFC 3339. */
  readonly closures?: readonly (readonly [from: Instant, to: Instant])[];
}
