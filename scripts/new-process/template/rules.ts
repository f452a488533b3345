/** What happens to a specimen: one pure rule for each command and fact, in the order of its life. */
import { plusDays, type Instant } from '../../../models/instant';
import { holderOf } from '../../../models/tickets/holder';
import { activeCategory, activeService, requesterOf } from '../../../models/tickets/checks';
import type { Fact } from '../../../models/tickets/fact';
import { commentIdOf } from '../../../models/tickets/identity';
import { membersOf, namedNeeds } from '../../../models/tickets/named';
import { next, type Next } from '../../../models/tickets/next';
import type { Need, Process, RuleBook } from '../../../models/tickets/rules';
import type { Ticket } from '../../../models/tickets/ticket';
import { assign, leftBy } from '../../../workflows/handing';
import { freshSample, SampleDetailsShape, type SampleDetails } from './details';
import { sampleInputs } from './inputs';
import { sampleDeclaration } from './process';

type Sample = Ticket<SampleDetails>;
type Said = Next<SampleDetails>;

/** Days that it may wait for somebody to begin; then its holder is reminded, and again as often. */
const patienceDays = 2;

const sampleRules: RuleBook<SampleDetails, typeof sampleDeclaration, typeof sampleInputs> = {
  details: freshSample,
  needs,

  opened(ticket, { input, actor, occurredAt }, context) {
    const requester = requesterOf(input.requesterId, { type: ticket.type, actor }, context);
    const service = activeService(input.serviceId, context);
    activeCategory(input.categoryId, context);
    const said = next(ticket)
      .set({ teamId: service?.teamId ?? context.settings.defaultTeamId })
      .event('opened', { channel: input.channel, title: input.title })
      .when(requester !== actor.id, (so) => so.notify('requester', 'opened'));
    return remindLater(said, occurredAt);
  },

  commands: {
    assign,

    start: (ticket, { actor, occurredAt }) =>
      next(ticket)
        .state('inProgress')
        .set({ assigneeId: ticket.assigneeId ?? actor.id })
        .details({ startedAt: occurredAt })
        .unplan('beginReminder'),

    finish: (ticket, { input, occurredAt }) =>
      next(ticket)
        .state('done')
        .set({ closedAt: occurredAt })
        .details({ outcome: input.outcome })
        .notify('requester', 'finished'),

    cancel: (ticket, { input, occurredAt }) =>
      next(ticket)
        .state('cancelled')
        .set({ closedAt: occurredAt })
        .details({ cancellation: { reason: input.reason } })
        .notify('requester', 'cancelled'),
  },

  signals: {},

  commented: (ticket, { input, cause }) =>
    next(ticket)
      .comment(input)
      .event(
        'commented',
        { commentId: commentIdOf(ticket.id, cause) },
        input.isPublic ? 'public' : 'internal',
      )
      .when(input.isPublic, (so) =>
        so.notify('requester', 'commented').notify('watchers', 'commented'),
      )
      .notify(holderOf(ticket), 'commented'),

  released: leftBy,

  agenda: {
    beginReminder: (ticket, { occurredAt }) =>
      remindLater(
        next(ticket).event('reminded', {}, 'internal').notify(holderOf(ticket), 'waiting'),
        occurredAt,
      ),
  },

  results: {},
};

/** The process as the kernel holds it. */
export const sampleProcess: Process = {
  declaration: sampleDeclaration,
  inputs: sampleInputs,
  rules: sampleRules,
  details: SampleDetailsShape,
};

/** All that rules read of the organization by id: what is not named here cannot be read. */
function needs(ticket: Sample | undefined, fact: Fact): readonly Need[] {
  const given = membersOf(fact);
  return namedNeeds([
    ['person', ticket ? given['assigneeId'] : (given['requesterId'] ?? fact.actor.id)],
    ['team', given['teamId']],
    ['service', given['serviceId']],
    ['category', given['categoryId']],
  ]);
}

function remindLater(so: Said, from: Instant): Said {
  return so.plan({
    key: 'beginReminder',
    at: plusDays(from, patienceDays),
    what: 'Whoever has it is reminded that nobody has begun.',
  });
}
