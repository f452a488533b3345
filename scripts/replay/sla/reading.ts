/** How the mark of the log may have come about: the assumptions that are tried. Plain data. */
import { businessHours, roundTheClock, type Calendar } from '../../../models/sla/calendar';
import type { Place } from '../place';

export interface Hours {
  readonly name: string;
  readonly calendar: Calendar;
}

/** What ends the promise; each of the `Resolved rows` does, and going on reopens it. */
export const untils = ['first Closed row', 'closed_at', 'Resolved rows', 'resolved_at'] as const;

/** When a promise counts and when it is over. */
export interface Reading {
  readonly hours: Hours;
  /** Places in which time does not count. */
  readonly waits: readonly Place[];
  readonly until: (typeof untils)[number];
}

// The log names no zone: UTC is its own time.
const weekdays = (opens: string, closes: string): Calendar => {
  const day = [[opens, closes]] as const;
  return { timezone: 'UTC', weekly: { mon: day, tue: day, wed: day, thu: day, fri: day } };
};

export const always: Hours = { name: 'round the clock', calendar: roundTheClock };
export const business: Hours = { name: 'Mon-Fri 09-17', calendar: businessHours('UTC') };
const allHours: readonly Hours[] = [
  always,
  { name: 'Mon-Fri all day', calendar: weekdays('00:00', '24:00') },
  { name: 'Mon-Fri 08-18', calendar: weekdays('08:00', '18:00') },
  business,
  { name: 'Mon-Fri 09-17 in São Paulo', calendar: businessHours('America/Sao_Paulo') },
];

const allWaits: readonly (readonly Place[])[] = [
  [],
  ['hold:customer'],
  ['hold:customer', 'hold:problem', 'hold:vendor', 'hold:change'],
];

/** What counts, in every combination. */
export const counting = allHours.flatMap((hours) => allWaits.map((waits) => ({ hours, waits })));
