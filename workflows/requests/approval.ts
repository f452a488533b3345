/** Who is asked about a request, alone or for others of its order, and what their decision does. */
import { compiled } from '../../models/filter/compiled';
import { approvalFields, subjectOfApproval } from '../../models/service-catalog/conditions';
import type { Covered } from '../../models/service-catalog/ordered';
import type { ApprovalPolicy } from '../../models/service-catalog/shape';
import type { Shown } from '../../models/approvals/shown';
import type { Fact } from '../../models/tickets/fact';
import type { Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { askFor, restateRounds, withdrawRounds, type Stage } from '../approvals/rounds';
import type { RequestDetails } from './details';
import type { CoverDecided } from './inputs';
import { beginFulfilment } from './fulfilment';
import { coveredIn, itemOf } from './needs';

type Request = Ticket<RequestDetails>;
type Said = Next<RequestDetails>;
type When = Pick<Fact, 'cause' | 'occurredAt'>;

/** Asks whoever must approve, waits for the request that asks for its order, or begins. */
export function begin(so: Said, when: When, context: Context): Said {
  if (so.ticket.details.coveredById !== null) return so.state('awaitingApproval');
  return askOwn(so, when, context, coveredIn(context));
}

/** The request that asked for it is not wanted any more. */
export function askYourself(so: Said, when: When, context: Context): Said {
  const { state, details } = so.ticket;
  const waits = state === 'awaitingApproval' && details.coveredById !== null;
  return waits ? askOwn(so.details({ coveredById: null }), when, context, []) : so;
}

function askOwn(so: Said, when: When, context: Context, covered: readonly Covered[]): Said {
  const { approval } = itemOf(context).definition;
  if (!approval || !isWanted(so.ticket, approval, context))
    return beginFulfilment(so, when, context);
  const asking = { stages: stagesOf(approval), shown: shownOf(so.ticket, covered) };
  return askFor(so.state('awaitingApproval'), when.cause, asking);
}

function isWanted({ details }: Request, { when }: ApprovalPolicy, context: Context): boolean {
  if (when === null) return true;
  const { definition } = itemOf(context);
  const { answers, quantity } = details;
  const subject = subjectOfApproval(definition, { answers, quantity });
  return compiled(approvalFields(definition), when)(subject);
}

function stagesOf({ stages }: ApprovalPolicy): Stage[] {
  return stages.map((stage) =>
    stage.map((round) => ({
      ...round,
      approvers: [...round.approvers],
      barredIds: [],
      answersByEngine: false,
    })),
  );
}

/** What approvers see: what is ordered, of all that they decide about. */
function shownOf({ details, requesterId }: Request, covered: readonly Covered[]): Shown {
  const also = covered.map((one) => ({ number: one.number, ...orderedOf(one) }));
  return {
    ...orderedOf(details),
    requestedForId: requesterId,
    ...(also.length > 0 && { also }),
  };
}

type Ordered = Pick<Covered, 'item' | 'quantity' | 'cost' | 'answers'>;

function orderedOf({ item, quantity, cost, answers }: Ordered) {
  return { item: item.name, version: item.version, quantity, cost: cost && { ...cost }, answers };
}

/** One that it asked for is not wanted any more: whoever is asked is told, and asked about the rest. */
export function uncovered(
  so: Said,
  { input, cause }: Fact<{ requestId: string }>,
  context: Context,
) {
  const covers = so.ticket.details.covers.filter((id) => id !== input.requestId);
  const left = so.details({ covers });
  if (so.ticket.state !== 'awaitingApproval') return left;
  const covered = coveredIn(context).filter(({ id }) => covers.includes(id));
  return restateRounds(left, cause, shownOf(left.ticket, covered));
}

/** What came of asking: for itself, and for those for which it asked. */
export function decided(so: Said, verdict: CoverDecided, when: When, context: Context): Said {
  const told = so.ticket.details.covers.reduce(
    (one, ticketId) => one.send({ ticketId, name: 'coverDecided', input: verdict }),
    so,
  );
  return heard(told, verdict, when, context);
}

export function heard(so: Said, verdict: CoverDecided, when: When, context: Context): Said {
  const { result, reason } = verdict;
  if (result === 'approved')
    return beginFulfilment(
      so.event('approved', { reason }).notify('requester', 'approved'),
      when,
      context,
    );
  const isRecalled = result === 'recalled';
  return so
    .state(isRecalled ? 'cancelled' : 'rejected')
    .set({ closedAt: when.occurredAt })
    .details({ reason })
    .event(isRecalled ? 'cancelled' : 'rejected', { result, reason })
    .notify('requester', isRecalled ? 'cancelled' : 'rejected');
}

/** Nobody is to answer about it any more, and others of its order do not wait for it. */
export function withdrawn(so: Said): Said {
  const { coveredById, covers } = so.ticket.details;
  const ended = withdrawRounds(so, 'the request is cancelled');
  const alone = covers.reduce(
    (one, ticketId) =>
      one.send({
        ticketId,
        name: 'askYourself',
        input: { reason: 'the first request is cancelled' },
      }),
    ended,
  );
  if (coveredById === null) return alone;
  const input = { requestId: so.ticket.id };
  return alone.send({ ticketId: coveredById, name: 'uncovered', input });
}
