/** A ticket as people, conditions and its history look at it: flat values, and what a fact changed in them. */
import type { Scalar } from '../filter/condition';
import type { SlaRules } from './rules';
import type { Ticket } from './ticket';

type Field =
  | 'state'
  | 'title'
  | 'impact'
  | 'urgency'
  | 'priority'
  | 'requesterId'
  | 'assigneeId'
  | 'teamId'
  | 'confidentialTeamId'
  | 'serviceId'
  | 'categoryId'
  | 'resolvedAt'
  | 'answeredAt'
  | 'unansweredSince';

/** What only a process has, as its conditions ask for it. */
export type Facets = Readonly<Record<string, Scalar | null>>;

export type Watched = Readonly<Pick<Ticket, Field>> & Facets;

export type Changes = Readonly<
  Record<string, { readonly from: Scalar | null; readonly to: Scalar | null }>
>;

export function watchedOf(ticket: Ticket, sla: SlaRules | undefined): Watched {
  const { state, title, impact, urgency, priority, requesterId, assigneeId, teamId } = ticket;
  const { confidentialTeamId, serviceId, categoryId } = ticket;
  const { resolvedAt, answeredAt, unansweredSince } = ticket;
  return {
    ...sla?.facets(ticket.details),
    ...{ state, title, impact, urgency, priority, requesterId, assigneeId, teamId },
    ...{ confidentialTeamId, serviceId, categoryId, resolvedAt, answeredAt, unansweredSince },
  };
}

/** `{ state: { from: 'new', to: 'assigned' } }`; empty when nothing that people see has changed. */
export function changesBetween(before: Watched, after: Watched): Changes {
  const changed = Object.keys(after).filter((field) => before[field] !== after[field]);
  return Object.fromEntries(
    changed.map((field) => [field, { from: before[field] ?? null, to: after[field] ?? null }]),
  );
}

/** The other way: a ticket as it was looked at, after changes that its feed tells of. */
export function changedBy(before: Watched, changes: Changes): Watched {
  const after = Object.entries(changes).map(([field, { to }]) => [field, to] as const);
  return { ...before, ...Object.fromEntries(after) };
}
