/** What happens to an incident: one pure rule for each command and fact, in the order of its life. */
import { invalid } from '../../models/errors';
import { closesAt } from '../../models/tickets/auto-close';
import { plusDays } from '../../models/instant';
import {
  activeCategory,
  activeService,
  activeTeam,
  requesterOf,
} from '../../models/tickets/checks';
import type { FactActor } from '../../models/tickets/fact';
import { next } from '../../models/tickets/next';
import { say } from '../../models/tickets/say';
import { priorityOf } from '../../models/tickets/priority';
import type { Context, RuleBook } from '../../models/tickets/rules';
import type { Level } from '../../models/tickets/ticket';
import { includesRole } from '../../models/users/actor';
import { wantedHands } from '../handing';
import { held } from '../holding';
import { freshIncident, type IncidentDetails } from './details';
import { asTheLeader, isFollowed, updatedWithParent } from './following';
import type { incidentInputs } from './inputs';
import { coordinate, declare, postUpdate, remindOfUpdate, standDown, toldNewPart } from './major';
import { awaitsReview, refuseUnreviewed, remindOfReview, reviewed } from './major-review';
import { needs } from './needs';
import type { incident } from './process';
import { otherEnded, otherReopened, workaroundHeard } from './problems';
import { incidentSla } from './sla';
import {
  followUp,
  goOn,
  handOver,
  isOver,
  overrideOf,
  raise,
  reopened,
  resolved,
  toTeamOf,
  unresolve,
} from './steps';

export const incidentRules: RuleBook<IncidentDetails, typeof incident, typeof incidentInputs> = {
  details: freshIncident,
  needs,

  opened(ticket, { input, actor }, context) {
    const requester = requesterOf(input.requesterId, { type: ticket.type, actor }, context);
    const service = activeService(input.serviceId, context);
    activeCategory(input.categoryId, context);
    const impact = impactThatCounts(input.impact, actor, context);
    const { urgency } = input;
    return next(ticket)
      .set({
        impact,
        urgency,
        priority: priorityOf(context.settings.priorityMatrix, impact, urgency),
        teamId: ticket.confidentialTeamId ?? service?.teamId ?? context.settings.defaultTeamId,
      })
      .event('opened', { channel: input.channel, title: input.title })
      .when(requester !== actor.id, (so) => so.notify('requester', 'opened'));
  },

  commands: {
    assign(ticket, { input }, context) {
      const { teamId, assigneeId } = wantedHands(ticket, input, context);
      const insteadOf = input.assigneeId;
      return handOver(next(ticket), teamId, assigneeId)
        .when(ticket.state === 'new' && Boolean(input.teamId ?? input.assigneeId), (so) =>
          so.state('assigned'),
        )
        .when(typeof insteadOf === 'string' && insteadOf !== assigneeId, (so) =>
          so.event('assigned', { insteadOf }),
        );
    },

    start: (ticket, { actor, occurredAt }) =>
      next(ticket)
        .state('inProgress')
        .set({ assigneeId: ticket.assigneeId ?? actor.id })
        .details({ startedAt: occurredAt }),

    hold: (ticket, fact) => held(next(ticket), fact),

    resume: (ticket) => goOn(next(ticket)),

    prioritize(ticket, { input, actor }, context) {
      const impact = input.impact ?? ticket.impact ?? context.settings.defaultImpact;
      const urgency = input.urgency ?? ticket.urgency ?? 'medium';
      const override = overrideOf(ticket, input.override, input.reason, actor);
      const priority =
        override?.priority ?? priorityOf(context.settings.priorityMatrix, impact, urgency);
      return next(ticket)
        .set({ impact, urgency, priority })
        .details({ priorityOverride: override })
        .event('prioritized', { ...input });
    },

    classify(ticket, { input }, context) {
      const { categoryId = ticket.categoryId, serviceId = ticket.serviceId } = input;
      if (input.categoryId) activeCategory(input.categoryId, context);
      const service = activeService(input.serviceId ?? null, context);
      return toTeamOf(ticket, service).set({ categoryId, serviceId });
    },

    escalate(ticket, { input, occurredAt }, context) {
      if (input.kind === 'hierarchical') return raise(ticket, input.level, input.reason);
      const teamId = activeTeam(input.teamId, context);
      if (teamId === ticket.teamId) throw invalid('/teamId', 'is the team that has it already');
      const moved = handOver(next(ticket), teamId, null).details({ hold: null, startedAt: null });
      return unresolve(moved, occurredAt)
        .unplan('holdUntil')
        .state('assigned')
        .event('escalated', { ...input });
    },

    deescalate: (ticket, { input }) => {
      const level = Math.max(0, ticket.details.escalation.level - 1);
      return next(ticket)
        .details({ escalation: { ...ticket.details.escalation, level } })
        .event('deescalated', { ...input, level }, 'internal');
    },

    acknowledge: (ticket, { actor, occurredAt }) =>
      next(ticket)
        .details({
          escalation: {
            ...ticket.details.escalation,
            acknowledgedAt: occurredAt,
            acknowledgedById: actor.id,
          },
        })
        .event('acknowledged', { level: ticket.details.escalation.level }, 'internal'),

    declareMajor: declare,

    coordinate: (ticket, { input }, context) => coordinate(ticket, input.coordinatorId, context),

    postUpdate,

    standDownMajor: standDown,

    resolve(ticket, { input, actor, occurredAt }, { settings }) {
      if (!settings.resolutionCodes.includes(input.code)) {
        throw invalid('/code', `must be one of ${settings.resolutionCodes.join(', ')}`);
      }
      const resolution = { ...input, byId: actor.id };
      return resolved(next(ticket), resolution, occurredAt, settings).set({
        assigneeId: ticket.assigneeId ?? actor.id,
      });
    },

    reopen: (ticket, { input, occurredAt }) =>
      reopened(next(ticket), occurredAt).event('reopened', { reason: input.reason }),

    reviewMajor: reviewed,

    close(ticket, { occurredAt }) {
      refuseUnreviewed(ticket);
      return next(ticket).state('closed').set({ closedAt: occurredAt });
    },

    cancel: (ticket, { input }) =>
      next(ticket)
        .state('cancelled')
        .details({ hold: null, cancellation: { reason: input.reason } })
        .notify('requester', 'cancelled'),
  },

  // What it says counts less than how the other one stands by now: messages come in no order.
  signals: {
    linkedEnded: (ticket, fact, context) =>
      isFollowed(fact) ? asTheLeader(ticket, fact, context) : otherEnded(ticket, fact, context),

    linkedReopened: (ticket, fact, context) =>
      isFollowed(fact) ? asTheLeader(ticket, fact, context) : otherReopened(ticket, fact, context),

    parentUpdated: updatedWithParent,
    workaroundPublished: workaroundHeard,
  },

  linked: (ticket, { input }) => toldNewPart(ticket, input),

  commented(ticket, fact, context) {
    const { input, actor, occurredAt } = fact;
    const answered = say(next(ticket), fact);
    if (actor.id !== ticket.requesterId || !input.isPublic) return answered;
    if (ticket.state === 'resolved' && context.settings.commentReopens) {
      return reopened(answered, occurredAt).event('reopened', { reason: 'comment' });
    }
    if (ticket.details.hold?.reason === 'customer') {
      return goOn(answered).event('resumed', { reason: 'comment' });
    }
    if (!isOver(ticket)) return answered;
    const opening = followUp(ticket, input.body, context);
    return answered.open({ type: 'incident', link: 'followUpOf', input: opening });
  },

  // Sent twice, it is known by its cause: so it leaves a line also when nothing was to be done.
  released: (ticket, { input: { userId } }, { settings }) =>
    ticket.assigneeId === userId && !isOver(ticket)
      ? handOver(
          next(ticket),
          ticket.teamId ?? ticket.confidentialTeamId ?? settings.defaultTeamId,
          null,
        ).event('released', { userId })
      : next(ticket).event('alreadyReleased', { userId }, 'internal'),

  sla: incidentSla,

  given: (so, { teamId, assigneeId, reason, rule }) =>
    handOver(so, teamId, assigneeId)
      .when(so.ticket.state === 'new' && assigneeId !== null, (one) => one.state('assigned'))
      .event('assigned', { reason, rule, isByRule: true }),

  agenda: {
    holdUntil: (ticket) => goOn(next(ticket)).event('resumed', { reason: 'until' }),

    // A review may take its time; it plans both anew.
    autoCloseReminder: (ticket) =>
      awaitsReview(ticket)
        ? next(ticket)
        : next(ticket).event('autoCloseReminded').notify('requester', 'autoCloseSoon'),

    autoClose: (ticket, { occurredAt }) =>
      awaitsReview(ticket)
        ? closesAt(next(ticket), { at: plusDays(occurredAt, 1), title: 'incident' })
        : next(ticket)
            .state('closed')
            .set({ closedAt: occurredAt })
            .event('closed', { reason: 'autoClose' })
            .notify('requester', 'closed'),

    majorUpdate: remindOfUpdate,

    reviewDue: (ticket, { occurredAt }) => remindOfReview(ticket, occurredAt),
  },

  results: {},
};

function impactThatCounts(
  given: Level | undefined,
  actor: FactActor,
  { settings }: Context,
): Level {
  const isRequester = actor.role === null || !includesRole(actor.role, 'agent');
  const counts = !isRequester || settings.requesterImpactCounts;
  return counts ? (given ?? settings.defaultImpact) : settings.defaultImpact;
}
