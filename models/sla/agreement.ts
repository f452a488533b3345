/** SLA policies that may count for a ticket, with the calendars that they and its clocks are counted on. */
import { compare } from '../compare';
import { latest, type Instant } from '../instant';
import type { Calendar } from './calendar';
import type { Clock, Version } from './clock/shape';
import type { PolicyDefinition, Step } from './policy/shape';
import { standardLadder } from './policy/ladder';

/** A published version of a policy: never edited, only followed by a higher one. */
export interface PolicyVersion extends Version {
  readonly name: string;
  /** Policies are asked in this order. */
  readonly position: number;
  readonly publishedAt: Instant;
  /** It counts for tickets that were open when it was published, too. */
  readonly appliesToOpen: boolean;
  readonly definition: PolicyDefinition;
}

/** A calendar row: never edited, only followed by a higher version. */
export interface CalendarVersion extends Version {
  readonly calendar: Calendar;
}

export interface Agreement {
  /** Those in force, and those by which clocks are counted. */
  readonly policies: readonly PolicyVersion[];
  readonly calendars: readonly CalendarVersion[];
}

export type Publication = Pick<
  PolicyVersion,
  'id' | 'version' | 'name' | 'position' | 'publishedAt' | 'appliesToOpen'
>;

/**
 * The versions in force for a ticket that was opened at `openedAt`, as of an instant, in the order in which
 * they are asked: of each policy the last that was published by its opening, or since then for open tickets.
 */
export function inForce<P extends Publication>(
  policies: readonly P[],
  { openedAt, asOf }: { openedAt: Instant; asOf: Instant },
): P[] {
  const until = latest(openedAt, asOf);
  const newest = new Map<string, P>();
  for (const policy of policies) {
    const counts =
      policy.publishedAt <= openedAt || (policy.appliesToOpen && policy.publishedAt <= until);
    const known = newest.get(policy.id);
    if (counts && (known === undefined || known.version < policy.version))
      newest.set(policy.id, policy);
  }
  return [...newest.values()].sort(
    (a, b) => a.position - b.position || compare(a.name, b.name) || compare(a.id, b.id),
  );
}

/** The calendar that a clock is counted on; throws when it was not loaded, which is a bug. */
export function calendarOf(agreement: Agreement, clock: Pick<Clock, 'terms'>): Calendar {
  const { id, version } = clock.terms.calendar;
  const found = agreement.calendars.find((one) => one.id === id && one.version === version);
  if (!found) throw new Error(`Calendar ${id} version ${version} was not loaded`);
  return found.calendar;
}

/** The version of a calendar that is the newest of those loaded. */
export function newestCalendar(agreement: Agreement, calendarId: string): Version {
  const versions = agreement.calendars
    .filter(({ id }) => id === calendarId)
    .map(({ version }) => version);
  if (versions.length === 0) throw new Error(`Calendar ${calendarId} was not loaded`);
  return { id: calendarId, version: Math.max(...versions) };
}

/** The steps that are due for a clock, as its policy has them. */
export function ladderOf({ policies }: Agreement, clock: Clock): readonly Step[] {
  const { policy, rule } = clock.terms;
  if (rule === null) return standardLadder;
  const found = policies.find(({ id, version }) => id === policy.id && version === policy.version);
  if (!found) throw new Error(`Policy ${policy.id} version ${policy.version} was not loaded`);
  const target = found.definition.rules
    .find(({ name }) => name === rule)
    ?.targets.find(({ id }) => id === clock.target);
  return target?.ladder ?? standardLadder;
}
