/**
 * What a ticket's row keeps beside its columns, versioned. Stored ones of every release are test
 * fixtures; a step from one version to the next is a pure upcaster here.
 */
import type { Instant } from '../instant';
import type { Clock } from '../sla/clock';
import { clocksOfPolicies } from './snapshot-1';
import type { AgendaEntry, Ticket, Work } from './ticket';

export const snapshotVersion = 2;

export interface Snapshot {
  readonly v: number;
  readonly details: Ticket['details'];
  readonly answeredAt: Instant | null;
  readonly unansweredSince: Instant | null;
  readonly clocks: readonly Clock[];
  readonly agenda: readonly AgendaEntry[];
  readonly work: readonly Work[];
  /** Keys that this code does not know: kept for the code that does, never thrown at. */
  readonly aside?: Readonly<Record<string, unknown>>;
}

/** Written by newer code than this: the fact is tried again, by then perhaps by newer code. */
export class SnapshotTooNew extends Error {
  override name = 'SnapshotTooNew';
}

type Upcaster = (snapshot: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** From version 1 on: the entry at index i brings version i + 1 to version i + 2. */
const upcasters: readonly Upcaster[] = [clocksOfPolicies];

/** A stored snapshot in the present form. */
export function upcast(stored: Snapshot): Snapshot {
  if (stored.v > snapshotVersion) {
    throw new SnapshotTooNew(
      `The snapshot has version ${stored.v}, this code knows ${snapshotVersion}`,
    );
  }
  const raised = upcasters
    .slice(stored.v - 1)
    .reduce<Readonly<Record<string, unknown>>>((present, step) => step(present), { ...stored });
  return sorted({ ...stored, ...raised });
}

const knownKeys = [
  ...['v', 'details', 'answeredAt', 'unansweredSince', 'clocks', 'agenda', 'work', 'aside'],
];

function sorted(snapshot: Snapshot & Readonly<Record<string, unknown>>): Snapshot {
  const { details, answeredAt, unansweredSince, clocks, agenda, work, aside } = snapshot;
  const unknown = Object.entries(snapshot).filter(([key]) => !knownKeys.includes(key));
  const kept = { ...aside, ...Object.fromEntries(unknown) };
  const known = {
    ...{ v: snapshotVersion, details, answeredAt, unansweredSince, clocks, agenda, work },
  };
  return Object.keys(kept).length === 0 ? known : { ...known, aside: kept };
}
