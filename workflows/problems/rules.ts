/** What happens to a problem: one pure rule for each command and fact, in the order of its life. */
import { invalid, Refusal } from '../../models/errors';
import { activeCategory, activeService } from '../../models/tickets/checks';
import { next } from '../../models/tickets/next';
import { priorityOf } from '../../models/tickets/priority';
import type { RuleBook } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import { incident } from '../incidents/process';
import { assign, given, handOver, leftBy } from '../handing';
import { isOwed } from '../review';
import { analysed } from './analysis';
import { freshProblem, type ProblemDetails } from './details';
import { fixClosed } from './fixes';
import type { problemInputs } from './inputs';
import { besideOf, needs } from './needs';
import { opened } from './opening';
import type { problem } from './process';
import { problemSla } from './sla';
import { closed, majorDeclared, reopened, resolved, retired } from './steps';
import { recurred, remindOfReview, reviewed, watchEnded } from './watch';
import { errorPublished, proposed, published, recorded } from './workaround';
import { tellIncident, withdrawn } from './workaround';

export const problemRules: RuleBook<ProblemDetails, typeof problem, typeof problemInputs> = {
  details: freshProblem,
  needs,
  // It is linked to them in the same act.
  locks: ({ name }) => (name === 'opened' ? ['links'] : []),

  opened,

  commands: {
    assign,

    investigate: (ticket, { actor, occurredAt }) =>
      next(ticket)
        .state('investigating')
        .set({ assigneeId: ticket.assigneeId ?? actor.id })
        .details({ startedAt: ticket.details.startedAt ?? occurredAt, fix: null }),

    prioritize(ticket, { input }, { settings }) {
      const impact = input.impact ?? ticket.impact ?? settings.defaultImpact;
      const urgency = input.urgency ?? ticket.urgency ?? 'medium';
      const priority = priorityOf(settings.priorityMatrix, impact, urgency);
      return next(ticket).set({ impact, urgency, priority });
    },

    classify(ticket, { input }, context) {
      const { categoryId = ticket.categoryId, serviceId = ticket.serviceId } = input;
      if (input.categoryId) activeCategory(input.categoryId, context);
      const service = activeService(input.serviceId ?? null, context);
      // What is confidential is seen, and had, by the team of its service alone.
      const isMoved = service?.isConfidential === true && service.teamId !== ticket.teamId;
      const so = isMoved ? handOver(next(ticket), service.teamId, null) : next(ticket);
      return so.set({ categoryId, serviceId });
    },

    declareMajor: (ticket, { input, actor, occurredAt }) =>
      majorDeclared(next(ticket), {
        ...{ declaredAt: occurredAt, reason: input.reason, byId: actor.id },
      }),

    analyse: (ticket, { input }) => analysed(ticket, input),

    proposeWorkaround: (ticket, { input }) => proposed(ticket, input),

    publishWorkaround: (ticket, { actor, occurredAt }, context) =>
      published(ticket, actor.id, occurredAt, context),

    withdrawWorkaround: (ticket, { input }) => withdrawn(ticket, input.reason),

    recordKnownError: (ticket, { input }) => recorded(ticket, input),

    publishKnownError: (ticket, { occurredAt }) => errorPublished(ticket, occurredAt),

    retireKnownError(ticket, { occurredAt }) {
      const { knownError } = ticket.details;
      if (knownError === null || knownError.state === 'retired')
        throw new Refusal('conflict', 'There is no known error to retire.');
      return retired(next(ticket), occurredAt);
    },

    startFix: (ticket, { input, occurredAt }) =>
      next(ticket)
        .state('fixInProgress')
        .details({ fix: { startedAt: occurredAt, by: input.by, notes: input.notes ?? null } }),

    resolve: (ticket, { input, actor, occurredAt }, { settings }) =>
      resolved(next(ticket), { ...input, byId: actor.id }, occurredAt, settings).set({
        assigneeId: ticket.assigneeId ?? actor.id,
      }),

    reopen: (ticket, { input }) => reopened(next(ticket), input.reason),

    reportRecurrence(ticket, { input, occurredAt }, context) {
      const { ticketId = null, note = null } = input;
      const shown = ticketId === null ? undefined : besideOf(ticketId, context);
      if (ticketId !== null && shown?.type !== incident.type)
        throw invalid('/ticketId', 'is not a known incident', 'not_found');
      const number = shown === undefined || shown.isConfidential ? null : shown.number;
      return recurred(next(ticket), { ticketId, number, note }, occurredAt);
    },

    review: (ticket, { input, actor, occurredAt }) =>
      reviewed(ticket, input.findings, actor.id, occurredAt),

    close(ticket, { occurredAt }) {
      if (isOwed(ticket.details.review))
        throw new Refusal('conflict', 'A major problem is reviewed before it is closed.');
      return closed(next(ticket).event('closed', { reason: 'confirmed' }), occurredAt);
    },

    cancel: (ticket, { input, occurredAt }) =>
      next(ticket)
        .state('cancelled')
        .set({ closedAt: occurredAt })
        .details({ cancellation: { reason: input.reason } })
        .notify('requester', 'cancelled'),
  },

  signals: { linkedEnded: fixClosed },

  commented: (ticket, fact) => say(next(ticket), fact),

  released: leftBy,

  // An incident that is linked later hears the workaround, too, and may show that the fix was none.
  linked(ticket, { input, occurredAt }, context) {
    if (input.kind !== 'causes' || input.type !== incident.type) return next(ticket);
    const shown = besideOf(input.ticketId, context);
    if (!shown) return next(ticket);
    const { id, number, isConfidential, isOpen, openedAt } = shown;
    const told = next(ticket).when(isOpen, (so) => tellIncident(so, id));
    const { resolvedAt } = ticket;
    if (ticket.state !== 'resolved' || resolvedAt === null || openedAt <= resolvedAt) return told;
    const named = { ticketId: id, number: isConfidential ? null : number, note: null };
    return recurred(told, named, occurredAt);
  },

  sla: problemSla,

  given,

  agenda: {
    watch: (ticket, { occurredAt }) => watchEnded(ticket, occurredAt),

    reviewDue: (ticket, { occurredAt }) => remindOfReview(ticket, occurredAt),
  },

  results: {},
};
