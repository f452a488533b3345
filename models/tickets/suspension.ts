/**
 * What of a ticket's agenda waits while its organization is suspended: what its process says so of. All
 * else, clocks above all, goes on. What waited happens when the organization is resumed, not before.
 */
import { latest, type Instant } from '../instant';
import type { ProcessDeclaration } from '../../workflows/process';
import type { AgendaEntry } from './ticket';

export interface Suspension {
  readonly isSuspended: boolean;
  /** When it was last resumed; null: it never was. */
  readonly resumedAt: Instant | null;
}

/** Keys of entries that wait, over all processes. */
export function waitingKeys(
  processes: readonly { readonly declaration: ProcessDeclaration }[],
): string[] {
  return processes.flatMap(({ declaration }) => declaration.waitsWhileSuspended ?? []);
}

/** The entries that may be acted on now or later; the others are not lost, they wait. */
export function actable(
  process: ProcessDeclaration,
  agenda: readonly AgendaEntry[],
  { isSuspended }: Suspension,
): readonly AgendaEntry[] {
  return isSuspended ? agenda.filter((entry) => !waits(process, entry)) : agenda;
}

/** Its instant; for what waited the end of the suspension, when that was later. */
export function happensAt(
  process: ProcessDeclaration,
  entry: AgendaEntry,
  { resumedAt }: Suspension,
): Instant {
  return resumedAt !== null && waits(process, entry) ? latest(entry.at, resumedAt) : entry.at;
}

function waits({ waitsWhileSuspended = [] }: ProcessDeclaration, { key }: AgendaEntry): boolean {
  return waitsWhileSuspended.includes(key);
}
