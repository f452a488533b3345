/** The change calendar as iCalendar (RFC 5545), for calendar programs. Pure. */
import ical, { ICalEventStatus, ICalEventTransparency, type ICalEventData } from 'ical-generator';
import { msOf, type Instant } from '../../models/instant';
import type { ChangeWindow } from '../../models/changes/windows';
import type { ChangeEntry, Entries, FreezeEntry, MaintenanceEntry } from './entries';

/** Of all entries of a time as text. An event keeps its UID whatever is edited. */
export function icalendarOf(
  { changes, freezes, maintenance }: Entries,
  within: Pick<ChangeWindow, 'start'>,
): string {
  return ical({
    name: 'Changes',
    prodId: { company: 'Holdfast', product: 'Change calendar', language: 'EN' },
    events: [
      ...changes.map(eventOfChange),
      ...freezes.map(eventOfFreeze),
      ...maintenance.map((entry) => eventOfMaintenance(entry, within)),
    ],
  }).toString();
}

type Entry = Pick<ChangeEntry, 'id' | 'window' | 'services' | 'updatedAt'>;

function common(kind: string, { id, window, updatedAt }: Entry) {
  return {
    id: `${kind}-${id}`,
    start: dateOf(window.start),
    end: dateOf(window.end),
    stamp: dateOf(updatedAt),
    lastModified: dateOf(updatedAt),
  } satisfies ICalEventData;
}

function eventOfChange(entry: ChangeEntry): ICalEventData {
  const { number, title, state, kind, riskLevel, services } = entry;
  return {
    ...common('change', entry),
    summary: `${number} ${title}`,
    description: [
      `State: ${state}`,
      `Kind: ${kind}`,
      `Risk: ${riskLevel ?? 'not assessed'}`,
      `Services: ${listed(services) || 'none'}`,
    ].join('\n'),
    status: statusOf(state),
    categories: [{ name: 'Change' }],
  };
}

/** What is not decided yet may still move or go away. */
const tentative: ReadonlySet<string> = new Set(['draft', 'assessment', 'awaitingApproval']);
const off: ReadonlySet<string> = new Set(['rejected', 'cancelled']);

function statusOf(state: string): ICalEventStatus {
  if (off.has(state)) return ICalEventStatus.CANCELLED;
  return tentative.has(state) ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

function eventOfFreeze(entry: FreezeEntry): ICalEventData {
  return {
    ...common('freeze', entry),
    summary: `Freeze: ${entry.name}`,
    description: `${entry.reason}\nServices: ${listed(entry.services) || 'all'}`,
    status: ICalEventStatus.CONFIRMED,
    categories: [{ name: 'Freeze' }],
  };
}

/** Of one opening: told from the others by its beginning, or by its end where the time asked for cuts it. */
function eventOfMaintenance(
  entry: MaintenanceEntry,
  within: Pick<ChangeWindow, 'start'>,
): ICalEventData {
  const event = common('maintenance', entry);
  const { start, end } = entry.window;
  const moment = start === within.start ? `until-${end}` : start;
  return {
    ...event,
    id: `${event.id}-${moment.replaceAll(/[^a-z\d-]/gi, '')}`,
    summary: `Maintenance: ${entry.name}`,
    description: `Services: ${listed(entry.services)}`,
    status: ICalEventStatus.CONFIRMED,
    transparency: ICalEventTransparency.TRANSPARENT,
    categories: [{ name: 'Maintenance' }],
  };
}

function dateOf(instant: Instant): Date {
  return new Date(msOf(instant));
}

function listed(services: Entry['services']): string {
  return services.map(({ name }) => name).join(', ');
}
