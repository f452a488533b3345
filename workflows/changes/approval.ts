/** Who decides about a change, what they are shown, and what their decision does. */
import { msOf, plusDays, type Instant } from '../../models/instant';
import { differencesBetween, hashOf, type Shown } from '../../models/approvals/shown';
import type { ApproverSpec } from '../../models/approvals/approvers';
import { authorityAt } from '../../models/changes/risk';
import type { Fact } from '../../models/tickets/fact';
import type { Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import {
  askFor,
  restateRounds,
  withdrawRounds,
  type RoundPlan,
  type Stage,
} from '../approvals/rounds';
import type { ChangeDetails } from './details';
import { groundOf, peopleOf } from './needs';
import { refuseForbidden, refuseUnready } from './checks';
import { excepted } from './planning';
import { schedule, unschedule } from './window';

type Change = Ticket<ChangeDetails>;
type Said = Next<ChangeDetails>;

type When = Pick<Fact, 'cause' | 'occurredAt'>;

const daysToRevise = 30;

/** Asks for the first time, or for what is planned otherwise now. Throws conflict when it is not ready. */
export function request(so: Said, when: When, context: Context): Said {
  const stamped = excepted(so, context);
  refuseUnready(stamped.ticket, when.occurredAt);
  refuseForbidden(stamped.ticket, context);
  return ask(stamped, when, context).state('awaitingApproval');
}

/** Asks the authority that its risk calls for; rounds that run already are told of what has changed. */
export function ask(so: Said, { cause, occurredAt }: When, context: Context): Said {
  const { ticket } = so;
  const { authority, stages } = stagesOf(ticket, occurredAt, context);
  const { approval } = ticket.details;
  const shown = shownOf(ticket);
  const differences = approval ? differencesBetween(approval.shown, shown) : [];
  const named = unschedule(so)
    .details({ authority })
    .when(differences.length > 0, (one) => one.event('askedAnew', { differences }));
  // Where nothing runs, nobody would answer: what was decided is asked anew.
  const isRunning = approval?.rounds.some(({ result }) => result === null) === true;
  if (isRunning && sameAuthority(approval.stages, stages)) {
    return restateRounds(named, cause, shown, stages);
  }
  return askFor(withdrawRounds(named, 'another authority is asked'), cause, { shown, stages });
}

/** What approvers see; when it changes, their answers fall. */
function shownOf(ticket: Change): Shown {
  const { details, plannedStart, plannedEnd } = ticket;
  const { kind, plans, cost, serviceIds, configurationItems, backOutMinutes } = details;
  return {
    ...{ kind, plans: written(plans), cost, serviceIds, configurationItems, backOutMinutes },
    window: plannedStart === null ? null : { start: plannedStart, end: plannedEnd },
    risk: details.risk && { score: details.risk.score, level: details.risk.level },
    freezeException: details.freezeException,
    implementerIds: peopleOf(ticket),
  };
}

function written(plans: ChangeDetails['plans']): Shown {
  const { implementation = null, test = null, backOut = null, communication = null } = plans;
  return { implementation, test, backOut, communication };
}

/** Whether an edit changed something that approvers have seen. */
export function isAskedAnew(before: Change, after: Change): boolean {
  return differencesBetween(shownOf(before), shownOf(after)).length > 0;
}

/** An edit of what was asked about or approved asks anew; one of a standard change only moves its window. */
export function planned(so: Said, before: Change, when: When, context: Context): Said {
  const isAsked = before.state === 'awaitingApproval' || before.state === 'scheduled';
  if (!isAsked) return so;
  if (before.details.kind === 'standard') return schedule(so, when.occurredAt, context);
  if (!isAskedAnew(before, so.ticket)) return so;
  return request(so.details({ approvedByIds: [] }), when, context);
}

/** Of the approvers alone; what comes back from the database has its names in another order. */
function sameAuthority(one: readonly Stage[], other: readonly Stage[]): boolean {
  const approversIn = (stages: readonly Stage[]) =>
    stages.map((stage) => stage.map(({ approvers }) => approvers));
  return hashOf({ all: approversIn(one) }) === hashOf({ all: approversIn(other) });
}

type Authority = NonNullable<ChangeDetails['authority']>;

function stagesOf(
  ticket: Change,
  at: Instant,
  context: Context,
): { readonly authority: Authority; readonly stages: readonly Stage[] } {
  const { kind, risk } = ticket.details;
  const authority = kind === 'emergency' ? 'ecab' : authorityAt(risk?.level ?? 'veryHigh');
  return { authority, stages: [[roundOf(authority, ticket, at, context)]] };
}

const names: Readonly<Record<Authority, string>> = {
  peer: 'Peer approval',
  manager: 'Manager approval',
  cab: 'Change advisory board',
  ecab: 'Emergency change advisory board',
};

function roundOf(authority: Authority, ticket: Change, at: Instant, context: Context): RoundPlan {
  const isUrgent = authority === 'ecab';
  return {
    name: names[authority],
    approvers: approversOf(authority, ticket, context),
    quorum: { kind: authority === 'cab' ? 'majority' : 'anyone' },
    barredIds: peopleOf(ticket),
    answersByEngine: false,
    expiresInHours: hoursLeft(ticket, at),
    onExpiry: 'expire',
    remindEveryHours: isUrgent ? 1 : 24,
  };
}

/**
 * Until the window begins (of an emergency, which may be approved within it: until it ends), but at least an
 * hour and at most two weeks: later nobody needs an answer.
 */
function hoursLeft({ plannedStart, plannedEnd, details }: Change, at: Instant): number {
  const until = details.kind === 'emergency' ? plannedEnd : plannedStart;
  const left = until === null ? 0 : (msOf(until) - msOf(at)) / 3_600_000;
  return Math.min(336, Math.max(1, left));
}

/** Of a board whoever has the chair has a veto. Where there is no board the managers decide. */
function approversOf(authority: Authority, ticket: Change, context: Context): ApproverSpec[] {
  const managers: ApproverSpec = { kind: 'role', id: 'manager', veto: false };
  switch (authority) {
    case 'peer':
      return ticket.teamId === null
        ? [managers]
        : [{ kind: 'team', id: ticket.teamId, veto: false }];
    case 'manager':
      return [{ kind: 'relation', relation: 'requesterManager', veto: false }];
    case 'cab':
    case 'ecab': {
      const { boards } = groundOf(context);
      const wanted = ticket.details.boardId;
      const fitting = boards.filter(({ kind }) => kind === authority);
      const board = fitting.find(({ id }) => id === wanted) ?? fitting[0];
      if (!board) return [managers];
      return [
        { kind: 'board', id: board.id, veto: false },
        { kind: 'person', id: board.chairId, veto: true },
      ];
    }
  }
}

/** The end of asking, but for an approval: it can be revised for a while. */
export function decided(so: Said, state: 'rejected', at: Instant): Said {
  return so
    .state(state)
    .plan({
      key: 'lapse',
      at: plusDays(at, daysToRevise),
      what: 'The rejected change is cancelled unless somebody revises it.',
    })
    .notify('assignee', 'rejected')
    .notify('requester', 'rejected');
}
