/** An SLA policy with the calendars that it and a ticket's clocks are counted on. */
import type { Priority } from '../tickets/ticket';
import type { Calendar } from './calendar';
import type { Clock, Terms } from './clock';

/** One promise: by when a metric is met for tickets of a priority. */
export interface Target {
  readonly priority: Priority;
  readonly metric: Clock['metric'];
  readonly targetSeconds: number;
  readonly calendarId: string;
}

export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly warnPercent: number;
  readonly escalatePercent: number;
  readonly targets: readonly Target[];
}

/** A calendar row: never edited, only followed by a higher version. */
export interface CalendarVersion {
  readonly id: string;
  readonly version: number;
  readonly calendar: Calendar;
}

export interface Agreement {
  /** Undefined when the organization has published none for this type: no clock is started. */
  readonly policy: Policy | undefined;
  readonly calendars: readonly CalendarVersion[];
}

/** The terms for a metric at a priority, or undefined when the policy promises nothing there. */
export function termsFor(
  agreement: Agreement,
  metric: Clock['metric'],
  priority: Priority,
): Terms | undefined {
  const { policy } = agreement;
  const target = policy?.targets.find((one) => one.metric === metric && one.priority === priority);
  if (!policy || !target) return undefined;
  return {
    policy: { id: policy.id, version: policy.version },
    calendar: { id: target.calendarId, version: newestVersion(agreement, target.calendarId) },
    targetSeconds: target.targetSeconds,
    warnPercent: policy.warnPercent,
    escalatePercent: policy.escalatePercent,
  };
}

/** The calendar that a clock is counted on; throws when it was not loaded, which is a bug. */
export function calendarOf(agreement: Agreement, clock: Clock): Calendar {
  const { id, version } = clock.terms.calendar;
  const found = agreement.calendars.find((one) => one.id === id && one.version === version);
  if (!found) throw new Error(`Calendar ${id} version ${version} was not loaded`);
  return found.calendar;
}

function newestVersion(agreement: Agreement, calendarId: string): number {
  const versions = agreement.calendars
    .filter(({ id }) => id === calendarId)
    .map(({ version }) => version);
  if (versions.length === 0) throw new Error(`Calendar ${calendarId} was not loaded`);
  return Math.max(...versions);
}
