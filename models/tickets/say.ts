/** A comment as every process takes it: kept, in the feed, told to the other side, perhaps an answer. */
import { earliest } from '../instant';
import { includesRole } from '../users/actor';
import type { Fact } from './fact';
import { holderOf } from './holder';
import { commentIdOf } from './identity';
import type { Next } from './next';

type Comment = Pick<
  Fact<{ body: string; isPublic: boolean }>,
  'input' | 'cause' | 'actor' | 'occurredAt'
>;

/** The process must declare the notice `commented`. */
export function say<Details>(so: Next<Details>, comment: Comment): Next<Details> {
  const { ticket } = so;
  const { input, cause } = comment;
  const { body, isPublic } = input;
  return answered(so, comment)
    .comment({ body, isPublic })
    .event(
      'commented',
      { commentId: commentIdOf(ticket.id, cause) },
      isPublic ? 'public' : 'internal',
    )
    .when(isPublic, (one) => one.notify('requester', 'commented').notify('watchers', 'commented'))
    .notify(holderOf(ticket), 'commented');
}

/** Who waits for whom: the requester for an answer, or nobody any more. A late answer counts from when it was given. */
function answered<Details>(so: Next<Details>, { input, actor, occurredAt: at }: Comment) {
  const { requesterId, answeredAt, unansweredSince } = so.ticket;
  if (!input.isPublic) return so;
  if (actor.id === requesterId) return so.set({ unansweredSince: unansweredSince ?? at });
  if (actor.role === null || !includesRole(actor.role, 'agent')) return so;
  const isAnswered = unansweredSince !== null && unansweredSince <= at;
  return so.set({
    answeredAt: answeredAt === null ? at : earliest(answeredAt, at),
    unansweredSince: isAnswered ? null : unansweredSince,
  });
}
