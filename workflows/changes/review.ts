/** What comes after the work: the review, the reminders of it, and the end. */
import { plusDays, type Instant } from '../../models/instant';
import { next, type Next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
import { done, isOwed, planReview, remind, reviewBy } from '../review';
import type { ChangeDetails } from './details';

type Change = Ticket<ChangeDetails>;
type Said = Next<ChangeDetails>;

const reviewDays = { emergency: 3, others: 5 } as const;
const daysToClose = 5;

interface Finish {
  readonly outcome: NonNullable<ChangeDetails['outcome']>;
  readonly notes: string | undefined;
  /** Whether incidents are known that come from it. */
  readonly hasCaused: boolean;
}

/** Work is over; what went wrong or caused incidents, and every emergency, is reviewed before it can be closed. */
export function finish(ticket: Change, { outcome, notes, hasCaused }: Finish, at: Instant): Said {
  const { implementation, kind, risk } = ticket.details;
  const isRisky = risk?.level === 'high' || risk?.level === 'veryHigh';
  const isNeeded = outcome !== 'successful' || kind === 'emergency' || isRisky || hasCaused;
  const dueAt = plusDays(at, kind === 'emergency' ? reviewDays.emergency : reviewDays.others);
  const finished = next(ticket)
    .state('review')
    .set({ resolvedAt: at })
    .details({
      outcome,
      implementation: implementation && { ...implementation, endedAt: at },
      review: reviewBy(dueAt, isNeeded),
    })
    .unplan('windowEnds', 'backOutBy', 'overrun')
    .event('completed', { outcome, ...(notes !== undefined && { notes }) })
    .notify('requester', 'completed');
  return planReview(finished, dueAt);
}

/** What was learnt is written down; when nobody closes the change, it closes by itself. */
export function reviewed(ticket: Change, findings: string, byId: string | null, at: Instant): Said {
  const { review } = ticket.details;
  if (!review) throw new Error('A change in review has no review');
  return next(ticket)
    .details({ review: done(review, findings, byId, at) })
    .plan({
      key: 'reviewDue',
      at: plusDays(at, daysToClose),
      what: 'The reviewed change is closed.',
    });
}

/** Whoever owes the review is reminded; a change that needs none, or has had one, is closed. */
export function remindOfReview(ticket: Change, at: Instant): Said {
  const { review } = ticket.details;
  if (!review) return next(ticket);
  if (isOwed(review)) {
    const reminded = remind(next(ticket), review, at);
    return reminded.so.details({ review: reminded.review });
  }
  const reason = review.doneAt === null ? 'noReview' : 'reviewed';
  return next(ticket).state('closed').set({ closedAt: at }).event('closed', { reason });
}
