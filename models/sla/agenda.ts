/** What SLA clocks put on a ticket's agenda: every threshold that lies ahead, as entries of their own. */
import { earliest, type Instant } from '../instant';
import type { Ticket } from '../tickets/ticket';
import { calendarOf, type Agreement } from './agreement';
import { dueAt, thresholds, type Clock } from './clock';

const prefix = 'sla.';

export interface ClockEntry {
  readonly key: string;
  readonly at: Instant;
  readonly what: string;
}

/** Entries for the thresholds that running clocks have not passed: `sla.resolution.75`. */
export function clockEntries(clocks: readonly Clock[], agreement: Agreement): ClockEntry[] {
  return clocks.flatMap((clock) =>
    thresholds(clock, calendarOf(agreement, clock)).map(({ percent, at }) => ({
      key: `${prefix}${clock.id}.${percent}`,
      at,
      what: sentence(clock, percent),
    })),
  );
}

/** Which clock and which threshold an entry's key names. */
export function clockOfKey(key: string): { clockId: string; percent: number } {
  const [, clockId, percent] = key.split('.');
  if (clockId === undefined || percent === undefined) throw new Error(`No SLA entry: ${key}`);
  return { clockId, percent: Number(percent) };
}

export function isClockEntry(key: string): boolean {
  return key.startsWith(prefix);
}

/** The next deadline that is running, for lists ordered by urgency. */
export function nextDeadline(ticket: Pick<Ticket, 'clocks'>, agreement: Agreement): Instant | null {
  const deadlines = ticket.clocks
    .filter(({ state }) => state === 'running')
    .map((clock) => dueAt(clock, calendarOf(agreement, clock)))
    .filter((at) => at !== null);
  return deadlines.length === 0 ? null : deadlines.reduce(earliest);
}

function sentence(clock: Clock, percent: number): string {
  if (percent === 100) return `The ${clock.id} clock is breached.`;
  if (percent < 100) return `The ${clock.id} clock reaches ${percent} %: warning.`;
  return `The ${clock.id} clock reaches ${percent} %: escalation.`;
}
