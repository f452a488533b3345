/** What happens to a request: one pure rule for each command and fact, in the order of its life. */
import { Refusal, invalid } from '../../models/errors';
import { progressOf } from '../../models/fulfilment/progress';
import { autoCloseKeys } from '../../models/tickets/auto-close';
import { holderOf } from '../../models/tickets/holder';
import { next } from '../../models/tickets/next';
import type { RuleBook } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import { roundDecided } from '../approvals/rounds';
import { assign, given, leftBy } from '../handing';
import { held, unheld } from '../holding';
import { askYourself, begin, decided, heard, uncovered, withdrawn } from './approval';
import { freshRequest, type RequestDetails } from './details';
import { delivered, goOn } from './fulfilment';
import type { requestInputs } from './inputs';
import { itemOf, needs } from './needs';
import type { request } from './process';
import { requestSla } from './sla';
import { retryTask, skipTask, taskEnded, workDone, workFailed } from './tasks';
import { undo } from './undoing';

export const requestRules: RuleBook<RequestDetails, typeof request, typeof requestInputs> = {
  details: freshRequest,
  needs,

  opened(ticket, { input, actor, occurredAt }, context) {
    const { id, version, name, definition } = itemOf(context);
    const { cost, deliverySeconds } = definition;
    const { orderId, teamId, quantity, answers, startDay, coveredById, covers } = input;
    if (!context.person(input.requesterId)?.isActive)
      throw invalid('/requesterId', 'is not a known person');
    const named = teamId !== null && context.team(teamId)?.isActive === true ? teamId : null;
    const service = input.serviceId === null ? undefined : context.service(input.serviceId);
    return next(ticket)
      .set({
        teamId:
          ticket.confidentialTeamId ?? named ?? service?.teamId ?? context.settings.defaultTeamId,
      })
      .details({
        ...{ orderId, quantity, answers, startDay, coveredById, covers, deliverySeconds },
        item: { id, version, name },
        cost: cost && { ...cost, amount: cost.amount * quantity },
        isTeamNamed: named !== null,
      })
      .plan({ key: 'begin', at: occurredAt, what: 'Approval is asked for, or fulfilment begins.' })
      .event('opened', { title: input.title, item: name, orderId })
      .when(input.requesterId !== actor.id, (so) => so.notify('requester', 'opened'));
  },

  commands: {
    assign,

    hold(ticket, fact) {
      if (ticket.details.undoing)
        throw new Refusal('conflict', 'It is being undone, which does not wait.');
      return held(next(ticket), fact);
    },

    resume: (ticket, fact, context) =>
      goOn(unheld(next(ticket)).state('inFulfilment'), fact, context),

    retryTask,
    skipTask,

    fulfil(ticket, { input, occurredAt }, context) {
      const { tasks, undoing } = ticket.details;
      if (undoing) throw new Refusal('conflict', 'It is being undone.');
      const open = tasks.filter(({ state }) => state !== 'done' && state !== 'skipped');
      if (open.length > 0)
        throw new Refusal('conflict', `Not done: ${open.map(({ title }) => title).join(', ')}.`);
      const so = next(ticket).details({ notes: input.notes ?? null });
      return delivered(so, occurredAt, context);
    },

    reopen: (ticket, { input }) =>
      next(ticket)
        .state('inFulfilment')
        .set({ resolvedAt: null })
        .details({ reopenCount: ticket.details.reopenCount + 1 })
        .unplan(...autoCloseKeys)
        .event('reopened', { reason: input.reason })
        .notify(holderOf(ticket), 'reopened'),

    close: (ticket, { occurredAt }) => next(ticket).state('closed').set({ closedAt: occurredAt }),

    cancel(ticket, fact, context) {
      const { input, actor, occurredAt } = fact;
      if (ticket.state === 'inFulfilment' || ticket.state === 'onHold') {
        if (ticket.details.undoing)
          throw new Refusal('conflict', 'It is being undone already, and cancelled then.');
        const reason = { reason: input.reason, byId: actor.id };
        return undo(next(ticket).event('cancelRequested', input), reason, fact, context);
      }
      return withdrawn(next(ticket))
        .state('cancelled')
        .set({ closedAt: occurredAt })
        .details({ reason: input.reason })
        .event('cancelled', input)
        .notify('requester', 'cancelled');
    },
  },

  signals: {
    approvalDecided(ticket, fact, context) {
      const { so, verdict } = roundDecided(next(ticket), fact);
      if (verdict === undefined || ticket.state !== 'awaitingApproval') return so;
      const { reason, byId } = fact.input;
      return decided(so, { result: verdict, reason, byId }, fact, context);
    },

    coverDecided: (ticket, fact, context) =>
      ticket.state === 'awaitingApproval' && ticket.details.coveredById !== null
        ? heard(next(ticket), fact.input, fact, context)
        : next(ticket).event('coverDecided', { ...fact.input, counts: false }, 'internal'),

    uncovered: (ticket, fact, context) =>
      uncovered(next(ticket).event('uncovered', fact.input, 'internal'), fact, context),

    askYourself: (ticket, fact, context) =>
      askYourself(next(ticket).event('askedByItself', fact.input, 'internal'), fact, context),

    taskEnded,
  },

  commented(ticket, fact, context) {
    const { input, actor } = fact;
    const answered = say(next(ticket), fact);
    const isAnswer = actor.id === ticket.requesterId && input.isPublic;
    if (!isAnswer || ticket.details.hold?.reason !== 'customer') return answered;
    const going = unheld(answered).state('inFulfilment').event('resumed', { reason: 'comment' });
    return goOn(going, fact, context);
  },

  released: leftBy,

  sla: requestSla,
  namesTeam: ({ details }) => details.isTeamNamed,
  given,

  agenda: {
    begin: (ticket, fact, context) => begin(next(ticket), fact, context),

    opens: (ticket, fact, context) => {
      const { title } = progressOf(ticket.details.tasks, fact.input.key.replace('opens.', ''));
      return goOn(next(ticket).event('taskDayCame', { title }, 'internal'), fact, context);
    },

    holdUntil: (ticket, fact, context) => {
      const so = unheld(next(ticket)).state('inFulfilment').event('resumed', { reason: 'until' });
      return goOn(so, fact, context);
    },

    autoCloseReminder: (ticket) =>
      next(ticket).event('autoCloseReminded').notify('requester', 'autoCloseSoon'),

    autoClose: (ticket, { occurredAt }) =>
      next(ticket)
        .state('closed')
        .set({ closedAt: occurredAt })
        .event('closed', { reason: 'autoClose' })
        .notify('requester', 'closed'),
  },

  results: {
    task: { done: workDone, failed: workFailed },
    undo: { done: workDone, failed: workFailed },
  },
};
