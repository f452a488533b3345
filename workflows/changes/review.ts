/** What comes after the work: the review, the reminders of it, and the end. */
import { plusDays, type Instant } from '../../models/instant';
import { next, type Next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
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
  return next(ticket)
    .state('review')
    .set({ resolvedAt: at })
    .details({
      outcome,
      implementation: implementation && { ...implementation, endedAt: at },
      review: { isNeeded, dueAt, remindedTimes: 0, findings: null, doneAt: null, byId: null },
    })
    .unplan('windowEnds', 'backOutBy', 'overrun')
    .plan({ key: 'reviewDue', at: dueAt, what: 'The review is due.' })
    .event('completed', { outcome, ...(notes !== undefined && { notes }) })
    .notify('requester', 'completed');
}

/** What was learnt is written down; when nobody closes the change, it closes by itself. */
export function reviewed(ticket: Change, findings: string, byId: string | null, at: Instant): Said {
  const { review } = ticket.details;
  if (!review) throw new Error('A change in review has no review');
  return next(ticket)
    .details({ review: { ...review, findings, doneAt: at, byId } })
    .plan({
      key: 'reviewDue',
      at: plusDays(at, daysToClose),
      what: 'The reviewed change is closed.',
    });
}

/** Nobody has reviewed it: reminded every day, higher up from the second time on, until somebody does. */
export function remindOfReview(ticket: Change, at: Instant): Said {
  const { review } = ticket.details;
  if (!review) return next(ticket);
  if (!review.isNeeded || review.doneAt !== null) {
    const reason = review.doneAt === null ? 'noReview' : 'reviewed';
    return next(ticket).state('closed').set({ closedAt: at }).event('closed', { reason });
  }
  const remindedTimes = review.remindedTimes + 1;
  return next(ticket)
    .details({ review: { ...review, remindedTimes } })
    .event('reviewOverdue', { times: remindedTimes })
    .notify('assignee', 'reviewOverdue')
    .notify('teamLead', 'reviewOverdue')
    .when(remindedTimes > 1, (so) => so.notify('managers', 'reviewOverdue'))
    .plan({ key: 'reviewDue', at: plusDays(at, 1), what: 'The review is overdue.' });
}
