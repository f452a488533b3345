/**
 * When a change may be carried out: its window against freezes and maintenance windows. Pure; a window
 * is half-open, so one that ends when another begins does not meet it.
 */
import { earliest, latest, msOf, plusSeconds, type Instant } from '../instant';
import { workingMsBetween, type Calendar } from '../sla/calendar';

/** [start, end): the start is in it, the end is not. */
export interface ChangeWindow {
  readonly start: Instant;
  readonly end: Instant;
}

/** A time in which nothing is changed. */
export interface Freeze {
  readonly id: string;
  readonly name: string;
  readonly from: Instant;
  readonly until: Instant;
  /** Empty: everything. */
  readonly serviceIds: readonly string[];
  readonly reason: string;
}

/** The times, mostly recurring ones, in which these services may be worked on. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly name: string;
  readonly serviceIds: readonly string[];
  /** Open is when work is allowed. */
  readonly definition: Calendar;
}

/** What two windows have in common. */
export interface Overlap {
  readonly from: Instant;
  readonly until: Instant;
}

export function withinWindow({ start, end }: ChangeWindow, at: Instant): boolean {
  return start <= at && at < end;
}

/** Null: they do not meet. */
export function overlapOf(one: ChangeWindow, other: ChangeWindow): Overlap | null {
  const from = latest(one.start, other.start);
  const until = earliest(one.end, other.end);
  return from < until ? { from, until } : null;
}

/** As a window of its own. */
export function windowOf({ from, until }: Pick<Freeze, 'from' | 'until'>): ChangeWindow {
  return { start: from, end: until };
}

/** Whether it is about one of the services. One of everything is also about a change that touches none. */
function isFrozenBy(freeze: Freeze, serviceIds: readonly string[]): boolean {
  if (freeze.serviceIds.length === 0) return true;
  return serviceIds.some((id) => freeze.serviceIds.includes(id));
}

/** Those that meet the window and are about one of the services. Who is exempt is for the caller to say. */
export function freezesOver(
  window: ChangeWindow,
  serviceIds: readonly string[],
  freezes: readonly Freeze[],
): Freeze[] {
  return freezes.filter(
    (freeze) => isFrozenBy(freeze, serviceIds) && overlapOf(window, windowOf(freeze)) !== null,
  );
}

/**
 * Whether every service that has maintenance windows has one that holds the whole window; those without
 * may be worked on at any time. A RangeError for a window of more than a hundred years.
 */
export function maintenanceFits(
  window: ChangeWindow,
  serviceIds: readonly string[],
  maintenance: readonly MaintenanceWindow[],
): boolean {
  return outsideMaintenance(window, serviceIds, maintenance).length === 0;
}

/** Ids of the services that `maintenanceFits` fails for. */
export function outsideMaintenance(
  window: ChangeWindow,
  serviceIds: readonly string[],
  maintenance: readonly MaintenanceWindow[],
): string[] {
  return serviceIds.filter((id) => {
    const own = maintenance.filter((one) => one.serviceIds.includes(id));
    return own.length > 0 && !own.some(({ definition }) => isOpenThroughout(definition, window));
  });
}

/**
 * The last instant at which backing out still ends within the window, but not before the window begins:
 * where it begins with the window, backing out takes at least as long as the window.
 */
export function mustBackOutAt(window: ChangeWindow, backOutMinutes: number): Instant {
  return latest(window.start, plusSeconds(window.end, -backOutMinutes * 60));
}

function isOpenThroughout(calendar: Calendar, { start, end }: ChangeWindow): boolean {
  const lengthMs = msOf(end) - msOf(start);
  return lengthMs > 0 && workingMsBetween(calendar, start, end) === lengthMs;
}
