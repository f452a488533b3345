/** A comment as every process takes it: kept, in the feed, and told to the other side. */
import { holderOf } from '../sla/promises';
import type { Fact } from './fact';
import { commentIdOf } from './identity';
import type { Next } from './next';

/** The process must declare the notice `commented`. */
export function say<Details>(
  so: Next<Details>,
  { input, cause }: Pick<Fact<{ body: string; isPublic: boolean }>, 'input' | 'cause'>,
): Next<Details> {
  const { ticket } = so;
  const { body, isPublic } = input;
  return so
    .comment({ body, isPublic })
    .event(
      'commented',
      { commentId: commentIdOf(ticket.id, cause) },
      isPublic ? 'public' : 'internal',
    )
    .when(isPublic, (one) => one.notify('requester', 'commented').notify('watchers', 'commented'))
    .notify(holderOf(ticket), 'commented');
}
