/** Steps that several rules of an incident take. */
import { invalid, Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import type { Settings } from '../../models/organizations/settings';
import { autoCloseKeys, closesAfter } from '../../models/tickets/auto-close';
import type { FactActor } from '../../models/tickets/fact';
import { holderOf } from '../../models/tickets/holder';
import { next, type Next } from '../../models/tickets/next';
import type { Opening } from '../../models/tickets/owed';
import type { Context, Service } from '../../models/tickets/rules';
import type { Priority, Ticket } from '../../models/tickets/ticket';
import { includesRole } from '../../models/users/actor';
import { handOver as handed } from '../handing';
import { unheld } from '../holding';
import type { IncidentDetails } from './details';
import { longestText } from './inputs';
import { tellAgain, tellNoMore } from './major';
import { askForReview, dropReview } from './major-review';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;

/** Counts how often it came to somebody else. */
export function handOver(so: Said, teamId: string | null, assigneeId: string | null): Said {
  const { ticket } = so;
  const isOther = teamId !== ticket.teamId || assigneeId !== ticket.assigneeId;
  const hadOne = ticket.assigneeId !== null || ticket.state !== 'new';
  const count = ticket.details.reassignmentCount + (isOther && hadOne ? 1 : 0);
  return handed(so, teamId, assigneeId).details({ reassignmentCount: count });
}

/** A confidential service takes what is moved to it to its team, which alone sees it from now on. */
export function toTeamOf(ticket: Incident, service: Service | undefined): Said {
  const isOther = service?.id !== ticket.serviceId && service?.teamId !== ticket.teamId;
  const isMoved = service?.isConfidential === true && isOther;
  return isMoved ? handOver(next(ticket), service.teamId, null) : next(ticket);
}

/** Ends a hold; work goes on where somebody had started. */
export function goOn(so: Said): Said {
  return unheld(so).state(so.ticket.details.startedAt === null ? 'assigned' : 'inProgress');
}

/** Service is restored; it closes by itself unless somebody objects. */
export function resolved(
  so: Said,
  resolution: NonNullable<IncidentDetails['resolution']>,
  at: Instant,
  { autoCloseDays }: Pick<Settings, 'autoCloseDays'>,
): Said {
  const done = so
    .state('resolved')
    .set({ resolvedAt: at })
    .details({ hold: null, resolution })
    .unplan('holdUntil')
    .event('resolved', { code: resolution.code, notes: resolution.notes })
    .notify('requester', 'resolved')
    .when(so.ticket.details.major !== null, (one) => askForReview(tellNoMore(one), at));
  return closesAfter(done, autoCloseDays, { at, title: 'incident' });
}

/** Not solved after all: back to whoever has it. */
export function reopened(so: Said, at: Instant): Said {
  const hasHolder = so.ticket.assigneeId !== null;
  return unresolve(so, at)
    .state(hasHolder ? 'inProgress' : 'assigned')
    .details({ startedAt: so.ticket.details.startedAt ?? (hasHolder ? at : null) })
    .notify(holderOf(so.ticket), 'reopened');
}

/** Takes a resolution back. */
export function unresolve(so: Said, at: Instant): Said {
  if (so.ticket.state !== 'resolved') return so;
  return tellAgain(dropReview(so), at)
    .set({ resolvedAt: null })
    .details({ resolution: null, reopenCount: so.ticket.details.reopenCount + 1 })
    .unplan(...autoCloseKeys);
}

/** Hierarchical escalation: the first level is the team lead, higher ones the managers. */
export function raise(ticket: Incident, wanted: number | undefined, reason: string): Said {
  const present = ticket.details.escalation.level;
  const level = wanted ?? present + 1;
  if (level <= present) throw invalid('/level', `must be higher than the present level ${present}`);
  return next(ticket)
    .details({
      escalation: { level, reason, acknowledgedAt: null, acknowledgedById: null },
    })
    .event('escalated', { kind: 'hierarchical', level, reason })
    .notify(level === 1 ? 'teamLead' : 'managers', 'escalated', { level });
}

type Override = IncidentDetails['priorityOverride'];

/** What a manager decided about the priority; an absent wish leaves it as it is, null takes it back. */
export function overrideOf(
  ticket: Incident,
  wanted: Priority | null | undefined,
  reason: string | undefined,
  actor: FactActor,
): Override {
  if (wanted === undefined) return ticket.details.priorityOverride;
  if (actor.role !== null && !includesRole(actor.role, 'manager')) {
    throw new Refusal('forbidden', 'Only a manager may override the priority.');
  }
  return wanted === null ? null : { priority: wanted, reason: reason ?? '', byId: actor.id };
}

/** Nothing more happens to it; what its requester says begins another one. */
export function isOver({ state }: Pick<Incident, 'state'>): boolean {
  return state === 'closed' || state === 'cancelled';
}

/**
 * The incident that a requester's comment on a closed one begins: about the same, as far as that still
 * exists. A comment may be as long as a description, so the end of a long one stays with the comment.
 */
export function followUp(
  ticket: Incident,
  body: string,
  context: Context,
): Readonly<Record<string, unknown>> & Opening {
  const { serviceId, categoryId } = ticket;
  const hasService = serviceId !== null && context.service(serviceId)?.isActive === true;
  const hasCategory = categoryId !== null && context.category(categoryId)?.isActive === true;
  return {
    title: ticket.title,
    description: `Follow-up of ${ticket.number}.\n\n${body}`.slice(0, longestText),
    impact: ticket.impact ?? undefined,
    urgency: ticket.urgency ?? undefined,
    requesterId: ticket.requesterId,
    serviceId: hasService ? serviceId : null,
    categoryId: hasCategory ? categoryId : null,
    // Brought over was only the one before: this one begins here, and people wait for it.
    channel: ticket.channel === 'import' ? 'api' : ticket.channel,
  };
}
