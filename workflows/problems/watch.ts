/** What comes after the end of a problem: it is watched whether it comes again. */
import { plusDays, type Instant } from '../../models/instant';
import { holderOf } from '../../models/tickets/holder';
import { next, type Next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
import { done, isOwed, remind, reviewBy } from '../review';
import type { ProblemDetails } from './details';
import { closed, reopened } from './steps';

type Problem = Ticket<ProblemDetails>;
type Said = Next<ProblemDetails>;

export interface Recurrence {
  readonly ticketId: string | null;
  /** Null: there is none, or it is confidential and not named. */
  readonly number: string | null;
  readonly note: string | null;
}

/** It has come again while it was watched; the same incident says so once. */
export function recurred(so: Said, { ticketId, number, note }: Recurrence, at: Instant): Said {
  const { watch, recurrences } = so.ticket.details;
  if (!watch) return so;
  if (ticketId !== null && recurrences.some((one) => one.ticketId === ticketId)) return so;
  const noted = so
    .details({ recurrences: [...recurrences, { at, ticketId, note }] })
    .event('recurred', { number, note, onRecurrence: watch.onRecurrence }, 'internal');
  if (watch.onRecurrence === 'reopen') return reopened(noted, 'recurrence');
  return noted
    .details({ watch: { ...watch, isAsked: true } })
    .notify(holderOf(so.ticket), 'recurred');
}

/** The watch is over: quiet confirms; what has come again and a review that is owed keep it open. */
export function watchEnded(ticket: Problem, at: Instant): Said {
  const { watch, review } = ticket.details;
  if (!watch) return next(ticket);
  if (watch.isAsked)
    return next(ticket)
      .event('recurrenceOpen')
      .notify(holderOf(ticket), 'recurrenceOpen')
      .plan({ key: 'watch', at: plusDays(at, 1), what: 'It came again; nobody has answered.' });
  const confirmed = next(ticket)
    .details({ watch: { ...watch, confirmedAt: at } })
    .event('watchConfirmed', { since: watch.since });
  return isOwed(review) ? confirmed : endedQuietly(confirmed, at);
}

function endedQuietly(so: Said, at: Instant): Said {
  return closed(so, at).event('closed', { reason: 'quiet' }).notify('requester', 'closed');
}

export function reviewed(
  ticket: Problem,
  findings: string,
  byId: string | null,
  at: Instant,
): Said {
  const { review, watch } = ticket.details;
  const written = next(ticket)
    .details({ review: done(review ?? reviewBy(at, false), findings, byId, at) })
    .unplan('reviewDue')
    .event('reviewed', { findings });
  // Only the review was missing.
  const isConfirmed = watch !== null && watch.confirmedAt !== null;
  return isConfirmed ? endedQuietly(written, at) : written;
}

export function remindOfReview(ticket: Problem, at: Instant): Said {
  const { review } = ticket.details;
  if (!review || !isOwed(review)) return next(ticket);
  const reminded = remind(next(ticket), review, at);
  return reminded.so.details({ review: reminded.review });
}
