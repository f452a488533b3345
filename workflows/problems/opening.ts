/** How a problem begins: from incidents that somebody has met, or before anybody meets one. */
import { invalid } from '../../models/errors';
import type { Beside } from '../../models/problems/beside';
import { activeCategory, activeService, requesterOf } from '../../models/tickets/checks';
import type { Fact } from '../../models/tickets/fact';
import { linkAtOpening } from '../../models/tickets/linking';
import { next, type Next } from '../../models/tickets/next';
import { priorityOf } from '../../models/tickets/priority';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { incident } from '../incidents/process';
import type { ProblemDetails } from './details';
import type { OpenProblem } from './inputs';
import { besideOf } from './needs';
import { majorDeclared } from './steps';

/** Throws invalid_input. */
export function opened(
  ticket: Ticket<ProblemDetails>,
  fact: Fact<OpenProblem>,
  context: Context,
): Next<ProblemDetails> {
  const { input, actor, occurredAt } = fact;
  const { settings } = context;
  const requester = requesterOf(input.requesterId, { type: ticket.type, actor }, context);
  const service = activeService(input.serviceId, context);
  activeCategory(input.categoryId, context);
  const incidents = incidentsOf(input, context);
  const { impact = settings.defaultImpact, urgency = 'medium' } = input;
  const origin = input.origin ?? (incidents.length > 0 ? 'reactive' : 'proactive');
  const so = next(ticket)
    .set({
      ...{ impact, urgency, priority: priorityOf(settings.priorityMatrix, impact, urgency) },
      teamId: ticket.confidentialTeamId ?? service?.teamId ?? settings.defaultTeamId,
    })
    .details({ origin })
    .event('opened', { title: input.title, origin, incidents: incidents.length })
    .when(requester !== actor.id, (one) => one.notify('requester', 'opened'));
  const linked = incidents.reduce(linkedTo, so);
  const major = incidents.find(({ isMajor }) => isMajor);
  if (!major) return linked;
  const reason = `Opened from ${major.isConfidential ? 'a major incident' : major.number}.`;
  return majorDeclared(linked, { declaredAt: occurredAt, reason, byId: actor.id }).event(
    'majorDeclared',
    { reason },
  );
}

function linkedTo(so: Next<ProblemDetails>, one: Beside): Next<ProblemDetails> {
  const { id: ticketId, type, number, isConfidential } = one;
  return linkAtOpening(so, { kind: 'causes', ticketId, type, number, isConfidential });
}

function incidentsOf({ fromIncidentIds }: OpenProblem, context: Context): Beside[] {
  return fromIncidentIds.map((id, k) => {
    const found = besideOf(id, context);
    if (found?.type === incident.type) return found;
    throw invalid(`/fromIncidentIds/${k}`, 'is not a known incident', 'not_found');
  });
}
