/** What a fact changed in the fields that people look at, for the feed and the audit trail. */
import type { Ticket } from './ticket';

const watched = [
  'state',
  'title',
  'impact',
  'urgency',
  'priority',
  'requesterId',
  'assigneeId',
  'teamId',
  'confidentialTeamId',
  'serviceId',
  'categoryId',
] as const;

export type Changes = Readonly<Record<string, { from: string | null; to: string | null }>>;

/** `{ state: { from: 'new', to: 'assigned' } }`; empty when nothing that people see has changed. */
export function changesBetween(before: Ticket, after: Ticket): Changes {
  const changed = watched.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(
    changed.map((field) => [field, { from: before[field], to: after[field] }]),
  );
}
