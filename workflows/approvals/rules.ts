/** What happens in a round of approval: one pure rule for each command and fact. */
import type { z } from 'zod';
import { invalid } from '../../models/errors';
import { needsOf } from '../../models/approvals/approvers';
import { differencesBetween, hashOf } from '../../models/approvals/shown';
import { activeService, requesterOf } from '../../models/tickets/checks';
import type { Fact } from '../../models/tickets/fact';
import { namedNeeds } from '../../models/tickets/named';
import { next } from '../../models/tickets/next';
import type { Context, Need, RuleBook } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import type { Ticket } from '../../models/tickets/ticket';
import { freshApproval, type ApprovalDetails } from './details';
import type { approvalInputs, OpenApproval } from './inputs';
import type { approval } from './process';
import { ask, conclude, findAnew, refuseBarred, remindLater, vote, voterOf } from './steps';

type Approval = Ticket<ApprovalDetails>;

export const approvalRules: RuleBook<ApprovalDetails, typeof approval, typeof approvalInputs> = {
  details: freshApproval,
  needs,

  opened(ticket, fact, context) {
    const { input } = fact;
    // A rule asks for whoever it likes; people ask for others only when they may.
    if (fact.via !== 'rule') {
      requesterOf(input.requesterId, { type: ticket.type, actor: fact.actor }, context);
      activeService(input.serviceId, context);
      refuseUnknown(input, context);
    }
    const subject = input.subjectId ? context.ticket(input.subjectId) : undefined;
    if (input.subjectId && !subject) throw invalid('/subjectId', 'is not a known ticket');
    const { approvers, quorum, mayApproveOwn, barredIds, answersByEngine } = input;
    const { expiresInHours, onExpiry, remindEveryHours, shown } = input;
    const so = next(ticket)
      .details({
        ...{ approvers, quorum, mayApproveOwn, barredIds, answersByEngine },
        ...{ expiresInHours, onExpiry, remindEveryHours, shown, shownHash: hashOf(shown) },
        subject: subject ? { id: subject.id, type: subject.type, number: subject.number } : null,
      })
      .event('opened', { title: input.title, approvers, quorum });
    return ask(so, fact.occurredAt, context, 'asked');
  },

  commands: {
    remind: (ticket) => next(ticket).notify('awaited', 'reminded'),

    recall: (ticket, { actor, occurredAt }) =>
      conclude(next(ticket), { state: 'recalled', reason: 'recalled', byId: actor.id }, occurredAt),

    recordDecision(ticket, { input, actor, occurredAt }, context) {
      refuseBarred(ticket, actor.id);
      input.attendeeIds.forEach((id, k) => {
        if (!context.person(id)) throw invalid(`/attendeeIds/${k}`, notAPerson);
      });
      return conclude(
        next(ticket).event('decisionRecorded', { ...input }),
        { state: input.result, reason: 'meeting', byId: actor.id },
        occurredAt,
      );
    },
  },

  signals: {
    approve: (ticket, fact, context) => vote(ticket, fact, context, 'approve'),
    reject: (ticket, fact, context) => vote(ticket, fact, context, 'reject'),
    abstain: (ticket, fact, context) => vote(ticket, fact, context, 'abstain'),

    ask: (ticket, fact, context) => {
      const { byId, approverId } = voterOf(ticket, fact, context);
      return next(ticket)
        .event('asked', { comment: fact.input.comment, approverId, byId, via: fact.via })
        .notify('requester', 'question')
        .notify('watchers', 'question');
    },

    recheck: (ticket, { occurredAt }, context) => findAnew(next(ticket), occurredAt, context),

    restated(ticket, { input, occurredAt }, context) {
      const { shown, votes, round } = ticket.details;
      const differences = differencesBetween(shown, input.shown);
      if (differences.length === 0) return next(ticket);
      const so = next(ticket)
        .details({
          shown: input.shown,
          shownHash: hashOf(input.shown),
          barredIds: input.barredIds ?? ticket.details.barredIds,
          expiresInHours: input.expiresInHours ?? ticket.details.expiresInHours,
          votes: [],
          round: round + 1,
        })
        .event('restated', { differences, fallen: votes, round: round + 1 });
      return ask(so, occurredAt, context, 'restated');
    },

    withdrawn: (ticket, { input, occurredAt }) =>
      conclude(next(ticket), { state: 'recalled', reason: input.reason, byId: null }, occurredAt),
  },

  commented: (ticket, fact) => say(next(ticket), fact).notify('awaited', 'commented'),

  released: (ticket, { input }) => next(ticket).event('alreadyReleased', input, 'internal'),

  agenda: {
    reminder(ticket, { occurredAt }, context) {
      const so = findAnew(next(ticket), occurredAt, context);
      if (so.ticket.state !== 'pending') return so;
      return remindLater(so.event('reminded').notify('awaited', 'reminded'), occurredAt);
    },

    expiry(ticket, { occurredAt }) {
      const { onExpiry } = ticket.details;
      const state = ({ approve: 'approved', reject: 'rejected', expire: 'expired' } as const)[
        onExpiry
      ];
      return conclude(next(ticket), { state, reason: 'expired', byId: null }, occurredAt);
    },
  },

  results: {},
};

const notAPerson = 'is not a known person';

/** People and teams that are named must be there; that they have left is no error: others are asked then. */
function refuseUnknown({ approvers, barredIds }: OpenApproval, context: Context): void {
  approvers.forEach((spec, k) => {
    if (spec.kind === 'person' && !context.person(spec.id))
      throw invalid(`/approvers/${k}/id`, notAPerson);
    if (spec.kind === 'team' && !context.team(spec.id))
      throw invalid(`/approvers/${k}/id`, 'is not a known team');
  });
  barredIds.forEach((id, k) => {
    if (!context.person(id)) throw invalid(`/barredIds/${k}`, notAPerson);
  });
}

function needs(ticket: Approval | undefined, fact: Fact): readonly Need[] {
  if (!ticket) return needsOfOpening(fact as Fact<OpenApproval>);
  const { voters, subject, approvers } = ticket.details;
  return [
    ...voters.map(({ id }): Need => ({ kind: 'person', id })),
    ...attendeesIn(fact).map((id): Need => ({ kind: 'person', id })),
    ...(subject ? [{ kind: 'ticket' as const, id: subject.id }] : []),
    ...needsOf(approvers, ticket),
  ];
}

function attendeesIn({ name, input }: Fact): readonly string[] {
  if (name !== 'recordDecision') return [];
  return (input as z.infer<typeof approvalInputs.commands.recordDecision>).attendeeIds;
}

function needsOfOpening({ input, actor }: Fact<OpenApproval>): readonly Need[] {
  const { requesterId, serviceId, subjectId, approvers, barredIds } = input;
  const requester = requesterId ?? actor.id;
  const own = namedNeeds([
    ['person', requester],
    ['service', serviceId],
    ['ticket', subjectId],
    ...barredIds.map((id) => ['person', id] as const),
    ...approvers.flatMap((spec) => (spec.kind === 'team' ? [['team', spec.id] as const] : [])),
  ]);
  return requester === null
    ? own
    : [...own, ...needsOf(approvers, { requesterId: requester, serviceId })];
}
