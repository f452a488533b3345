/** What happens to a change: one pure rule for each command and fact, in the order of its life. */
import { invalid, Refusal } from '../../models/errors';
import {
  activeService,
  activeCategory,
  activeTeam,
  agent,
  requesterOf,
} from '../../models/tickets/checks';
import { idFrom } from '../../models/tickets/identity';
import { next } from '../../models/tickets/next';
import type { RuleBook } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import { roundDecided, withdrawRounds } from '../approvals/rounds';
import { ask, decided, planned } from './approval';
import { freshChange, type ChangeDetails } from './details';
import type { changeInputs } from './inputs';
import { needs } from './needs';
import { approvedTemplate, fromTemplate, plan } from './planning';
import type { change } from './process';
import { backOutDue, begin, finish, overran, remindOfReview, schedule, unschedule } from './window';
import { endTask, taskOf } from './tasks';

export const changeRules: RuleBook<ChangeDetails, typeof change, typeof changeInputs> = {
  details: freshChange,
  needs,

  opened(ticket, fact, context) {
    const { input, actor, occurredAt } = fact;
    requesterOf(input.requesterId, { type: ticket.type, actor }, context);
    const service = activeService(input.serviceId, context);
    activeCategory(input.categoryId, context);
    const wanted = input.kind === 'standard' ? fromTemplate(input, context) : input;
    const so = next(ticket)
      .set({ teamId: service?.teamId ?? context.settings.defaultTeamId })
      .details({
        kind: input.kind,
        templateId: input.templateId ?? null,
        templateVersion: input.kind === 'standard' ? approvedTemplate(context).version : null,
      })
      .event('opened', { title: input.title, kind: input.kind });
    return plan(so, wanted, context, occurredAt);
  },

  commands: {
    assign(ticket, { input, cause }, context) {
      const teamId = input.teamId === undefined ? ticket.teamId : activeTeam(input.teamId, context);
      const kept = teamId === ticket.teamId ? ticket.assigneeId : null;
      const assigneeId = input.assigneeId === undefined ? kept : agent(input.assigneeId, context);
      if (assigneeId !== null && ticket.details.approvedByIds.includes(assigneeId))
        throw new Refusal('conflict', 'Whoever has approved a change does not carry it out.');
      const isOther = assigneeId !== ticket.assigneeId;
      const so = next(ticket)
        .set({ teamId, assigneeId })
        .when(isOther && assigneeId !== null, (one) => one.notify('assignee', 'assigned'))
        .when(assigneeId === null && teamId !== ticket.teamId, (one) =>
          one.notify('team', 'assignedToTeam'),
        );
      return ticket.state === 'awaitingApproval' && isOther ? ask(so, cause, context) : so;
    },

    plan(ticket, { input, occurredAt, cause }, context) {
      if (ticket.details.kind === 'standard' && Object.keys(input).some((key) => key !== 'window'))
        throw new Refusal(
          'conflict',
          'A standard change follows its template; only its window is chosen.',
        );
      return planned(plan(next(ticket), input, context, occurredAt), ticket, cause, context);
    },

    submit(ticket, { cause, occurredAt }, context) {
      switch (ticket.details.kind) {
        case 'standard':
          return schedule(next(ticket), occurredAt, context);
        case 'normal':
          return next(ticket).state('assessment');
        case 'emergency':
          return ask(next(ticket), cause, context).state('awaitingApproval');
      }
    },

    requestApproval: (ticket, { cause }, context) =>
      ask(next(ticket), cause, context).state('awaitingApproval'),

    revise: (ticket) =>
      unschedule(withdrawRounds(next(ticket), 'the change is revised'))
        .details({ approval: null, approvedByIds: [], authority: null, reason: null })
        .state('draft'),

    reject: (ticket, { input, occurredAt }) =>
      decided(next(ticket), 'rejected', occurredAt).details({ reason: input.reason }),

    addTask(ticket, { input, cause }, context) {
      const task = {
        ...{ id: idFrom(ticket.id, cause, 'task'), title: input.title, order: input.order },
        assigneeId: agent(input.assigneeId, context),
        ...{ state: 'open' as const, note: null, endedAt: null, endedById: null },
      };
      const tasks = [...ticket.details.tasks, task];
      return next(ticket)
        .details({ tasks: tasks.sort((a, b) => a.order - b.order) })
        .event('taskAdded', { taskId: task.id, title: task.title, order: task.order })
        .when(task.assigneeId !== null, (so) =>
          so.notify({ userId: task.assigneeId ?? '' }, 'assigned', { taskId: task.id }),
        );
    },

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
        .notify('teamLead', 'backOutDue'),

    complete(ticket, { input, occurredAt }, context) {
      const outcome = ticket.state === 'backingOut' ? 'backedOut' : input.outcome;
      if (outcome === undefined) throw invalid('/outcome', 'is needed', 'required');
      const open = ticket.details.tasks.filter(({ state }) => state === 'open');
      if (outcome === 'successful' && open.length > 0)
        throw new Refusal('conflict', `Not done: ${open.map(({ title }) => title).join(', ')}.`);
      const hasCaused = context.links(ticket.id).some(({ kind }) => kind === 'causes');
      return finish(ticket, { outcome, notes: input.notes, hasCaused }, occurredAt);
    },

    review(ticket, { input, actor, occurredAt }) {
      const { review } = ticket.details;
      if (!review) throw new Error('A change in review has no review');
      return next(ticket)
        .details({
          review: { ...review, findings: input.findings, doneAt: occurredAt, byId: actor.id },
        })
        .unplan('reviewDue');
    },

    close(ticket, { occurredAt }) {
      const { review } = ticket.details;
      if (review?.isNeeded === true && review.doneAt === null)
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
    approvalDecided(ticket, fact, context) {
      const { so, verdict } = roundDecided(next(ticket), fact);
      if (verdict === undefined || ticket.state !== 'awaitingApproval') return so;
      const approvers = fact.input.answers
        .filter(({ answer }) => answer === 'approve')
        .map(({ approverId }) => approverId);
      const known = so.details({
        approvedByIds: [...new Set([...ticket.details.approvedByIds, ...approvers])],
      });
      if (verdict === 'recalled')
        return known.state('draft').event('revised', { reason: 'recalled' });
      if (verdict !== 'approved') {
        return decided(known, 'rejected', fact.occurredAt).details({ reason: fact.input.reason });
      }
      return schedule(known, fact.occurredAt, context)
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
