/** What happens to a change: one pure rule for each command and fact, in the order of its life. */
import { invalid, Refusal } from '../../models/errors';
import { activeService, activeCategory, requesterOf } from '../../models/tickets/checks';
import { next, type Next } from '../../models/tickets/next';
import type { RuleBook } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import { isOwed } from '../review';
import { roundDecided, withdrawRounds, type RoundDecided } from '../approvals/rounds';
import { ask, decided, planned, request } from './approval';
import { freshChange, type ChangeDetails } from './details';
import type { changeInputs } from './inputs';
import { needs } from './needs';
import { fromTemplate, knownTemplate, plan } from './planning';
import type { change } from './process';
import { backOutDue, begin, place, schedule, unschedule, overran } from './window';
import { handOver, wantedHands } from '../handing';
import { finish, remindOfReview, reviewed } from './review';
import { addTask, endTask, taskOf } from './tasks';
import { refuseApprover } from './checks';

export const changeRules: RuleBook<ChangeDetails, typeof change, typeof changeInputs> = {
  details: freshChange,
  needs,
  // Two that block each other are begun one after the other: each sees whether the other runs.
  locks: ({ name }) => (name === 'implement' ? ['implement a change'] : []),

  opened(ticket, fact, context) {
    const { input, actor, occurredAt } = fact;
    requesterOf(input.requesterId, { type: ticket.type, actor }, context);
    const service = activeService(input.serviceId, context);
    activeCategory(input.categoryId, context);
    const wanted = input.kind === 'standard' ? fromTemplate(input, context) : input;
    if (input.templateId) knownTemplate(context);
    const so = next(ticket)
      .set({ teamId: service?.teamId ?? context.settings.defaultTeamId })
      .details({
        kind: input.kind,
        templateId: input.templateId ?? null,
        templateVersion: input.kind === 'standard' ? knownTemplate(context).version : null,
      })
      .event('opened', { title: input.title, kind: input.kind });
    return plan(so, wanted, context, occurredAt);
  },

  commands: {
    assign(ticket, fact, context) {
      const { teamId, assigneeId } = wantedHands(ticket, fact.input, context);
      refuseApprover(ticket, assigneeId);
      const isOther = assigneeId !== ticket.assigneeId;
      const so = handOver(next(ticket), teamId, assigneeId);
      const isAsked = ticket.state === 'awaitingApproval' && (isOther || teamId !== ticket.teamId);
      return isAsked ? ask(so, fact, context) : so;
    },

    plan(ticket, fact, context) {
      const { input, occurredAt } = fact;
      if (ticket.details.kind === 'standard' && Object.keys(input).some((key) => key !== 'window'))
        throw new Refusal(
          'conflict',
          'A standard change follows its template; only its window is chosen.',
        );
      return planned(plan(next(ticket), input, context, occurredAt), ticket, fact, context);
    },

    submit(ticket, fact, context) {
      switch (ticket.details.kind) {
        case 'standard':
          return schedule(next(ticket), fact.occurredAt, context);
        case 'normal':
          return next(ticket).state('assessment');
        case 'emergency':
          return request(next(ticket), fact, context);
      }
    },

    requestApproval: (ticket, fact, context) => request(next(ticket), fact, context),

    revise: (ticket) => drafted(withdrawRounds(next(ticket), 'the change is revised')),

    reject: (ticket, { input, occurredAt }) =>
      decided(next(ticket), 'rejected', occurredAt).details({ reason: input.reason }),

    addTask: (ticket, fact, context) => addTask(ticket, fact, context),

    completeTask(ticket, { input, actor, occurredAt }) {
      const task = taskOf(ticket, input.taskId);
      const before = ticket.details.tasks.filter(
        ({ state, order }) => state === 'open' && order < task.order,
      );
      if (before.length > 0)
        throw new Refusal(
          'conflict',
          `Comes after ${before.map(({ title }) => title).join(', ')}.`,
        );
      const end = { state: 'done' as const, note: input.note ?? null, byId: actor.id };
      return endTask(ticket, task, end, occurredAt);
    },

    dropTask(ticket, { input, actor, occurredAt }) {
      const end = { state: 'dropped' as const, note: input.reason ?? null, byId: actor.id };
      return endTask(ticket, taskOf(ticket, input.taskId), end, occurredAt);
    },

    implement: (ticket, { actor, occurredAt }, context) =>
      begin(ticket, actor.id, occurredAt, context),

    backOut: (ticket, { input, occurredAt }) =>
      next(ticket)
        .state('backingOut')
        .details({ backOut: { startedAt: occurredAt, reason: input.reason } })
        .unplan('backOutBy', 'windowEnds')
        .notify('teamLead', 'backingOut')
        .notify('requester', 'backingOut'),

    complete(ticket, { input, occurredAt }, context) {
      const isBackingOut = ticket.state === 'backingOut';
      if (isBackingOut && (input.outcome ?? 'backedOut') !== 'backedOut')
        throw invalid('/outcome', 'is backedOut: it was being backed out');
      const outcome = isBackingOut ? 'backedOut' : input.outcome;
      if (outcome === undefined) throw invalid('/outcome', 'is needed', 'required');
      const open = ticket.details.tasks.filter(({ state }) => state === 'open');
      if (outcome === 'successful' && open.length > 0)
        throw new Refusal('conflict', `Not done: ${open.map(({ title }) => title).join(', ')}.`);
      const hasCaused = context.links(ticket.id).some(({ kind }) => kind === 'causes');
      return finish(ticket, { outcome, notes: input.notes, hasCaused }, occurredAt);
    },

    review: (ticket, { input, actor, occurredAt }) =>
      reviewed(ticket, input.findings, actor.id, occurredAt),

    close(ticket, { occurredAt }) {
      if (isOwed(ticket.details.review))
        throw new Refusal('conflict', 'It must be reviewed before it is closed.');
      return next(ticket).state('closed').set({ closedAt: occurredAt });
    },

    cancel: (ticket, { input, occurredAt }) =>
      unschedule(withdrawRounds(next(ticket), 'the change is cancelled'))
        .state('cancelled')
        .set({ closedAt: occurredAt })
        .details({ reason: input.reason })
        .notify('assignee', 'cancelled')
        .notify('requester', 'cancelled'),
  },

  signals: {
    approvalDecided(ticket, fact) {
      const { so, verdict } = roundDecided(next(ticket), fact);
      if (verdict === undefined || ticket.state !== 'awaitingApproval') return so;
      const known = so.details({
        approvedByIds: [...new Set([...ticket.details.approvedByIds, ...whoApproved(fact.input)])],
      });
      // Nothing of it is left: what is asked for next is asked from the beginning.
      if (verdict === 'recalled') return drafted(so).event('revised', { reason: 'recalled' });
      if (verdict !== 'approved') {
        return decided(known, 'rejected', fact.occurredAt).details({ reason: fact.input.reason });
      }
      // Whether it may be done then, too, is looked at when it is begun.
      return place(known, fact.occurredAt)
        .notify('assignee', 'approved')
        .notify('requester', 'approved');
    },
  },

  commented: (ticket, fact) => say(next(ticket), fact),

  released: (ticket, { input: { userId } }, { settings }) =>
    ticket.assigneeId === userId
      ? next(ticket)
          .set({ assigneeId: null, teamId: ticket.teamId ?? settings.defaultTeamId })
          .event('released', { userId })
          .notify('team', 'assignedToTeam')
      : next(ticket).event('alreadyReleased', { userId }, 'internal'),

  // What it has caused is reviewed, also when that is found out later.
  linked: (ticket, { input: { kind } }) => {
    const { review } = ticket.details;
    const isNews = kind === 'causes' && ticket.state === 'review' && review !== null;
    return isNews ? next(ticket).details({ review: { ...review, isNeeded: true } }) : next(ticket);
  },

  agenda: {
    windowOpens: (ticket) =>
      next(ticket)
        .event('windowOpened')
        .notify(ticket.assigneeId === null ? 'team' : 'assignee', 'windowOpened'),

    windowCloses: (ticket) =>
      next(ticket)
        .event('windowMissed')
        .notify(ticket.assigneeId === null ? 'team' : 'assignee', 'windowMissed')
        .notify('requester', 'windowMissed'),

    windowEnds: (ticket) => next(ticket).event('windowEnding').notify('assignee', 'windowEnding'),

    backOutBy: (ticket) => backOutDue(ticket),

    overrun: (ticket, { occurredAt }) => overran(ticket, occurredAt),

    reviewDue: (ticket, { occurredAt }) => remindOfReview(ticket, occurredAt),

    lapse: (ticket, { occurredAt }) =>
      next(ticket)
        .state('cancelled')
        .set({ closedAt: occurredAt })
        .event('cancelled', { reason: 'nobody revised it' })
        .notify('requester', 'cancelled'),
  },

  results: {},
};

/** Back at the beginning, with nothing asked and nothing ahead. */
function drafted(so: Next<ChangeDetails>): Next<ChangeDetails> {
  return unschedule(so)
    .details({ approval: null, approvedByIds: [], authority: null, reason: null })
    .state('draft');
}

/** Those in whose name it was approved, and those who have said so in their place. */
function whoApproved({ answers, byId }: RoundDecided): string[] {
  const approvals = answers.filter(({ answer }) => answer === 'approve');
  const ids = approvals.flatMap((one) => [one.approverId, one.byId]);
  return byId === null ? ids : [...ids, byId];
}
