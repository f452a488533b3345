/**
 * The words of the foreign log in ours. The table for people is docs/replay-mapping.md; a test holds
 * the two together.
 */
import type { Level, Priority } from '../../models/tickets/ticket';

/** Where a ticket stands, as far as both sides can say it. */
export type Place =
  | 'new'
  | 'active'
  | 'hold:customer'
  | 'hold:problem'
  | 'hold:vendor'
  | 'hold:change'
  | 'hold:scheduled'
  | 'resolved'
  | 'closed'
  | 'cancelled';

/** State of the log → place; `same` says nothing about the state. */
export const placeOfForeign: Readonly<Record<string, Place | 'same'>> = {
  New: 'new',
  Active: 'active',
  'Awaiting User Info': 'hold:customer',
  'Awaiting Evidence': 'hold:customer',
  'Awaiting Problem': 'hold:problem',
  'Awaiting Vendor': 'hold:vendor',
  'Awaiting Change': 'hold:change',
  Resolved: 'resolved',
  Closed: 'closed',
  Canceled: 'cancelled',
  Cancelled: 'cancelled',
  '-100': 'same',
};

/** Level of the log → ours. */
export const levelOfForeign: Readonly<Record<string, Level>> = {
  '1 - High': 'high',
  '2 - Medium': 'medium',
  '3 - Low': 'low',
};

export const priorityOfForeign: Readonly<Record<string, Priority>> = {
  '1 - Critical': 'P1',
  '2 - High': 'P2',
  '3 - Moderate': 'P3',
  '4 - Low': 'P4',
  '5 - Planning': 'P5',
};

/** Columns that say who wrote the row, when, and how often; a change of these alone is no change. */
export const columnsOfEveryRow = ['sys_mod_count', 'sys_updated_at', 'sys_updated_by'] as const;

/** Our state (and reason of a hold) → place. Throws on a state that is not known here. */
export function placeOfOurs(state: string, holdReason: string | null): Place {
  const known = ourPlaces[state === 'onHold' ? `hold:${String(holdReason)}` : state];
  if (known === undefined) throw new Error(`The replay does not know the state ${state}.`);
  return known;
}

const ourPlaces: Readonly<Record<string, Place>> = {
  new: 'new',
  assigned: 'new',
  inProgress: 'active',
  'hold:customer': 'hold:customer',
  'hold:problem': 'hold:problem',
  'hold:vendor': 'hold:vendor',
  'hold:change': 'hold:change',
  'hold:scheduled': 'hold:scheduled',
  resolved: 'resolved',
  closed: 'closed',
  cancelled: 'cancelled',
};
