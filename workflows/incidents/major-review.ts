/** What was learnt from a major incident: due some days after it was resolved, and asked for until it is there. */
import { Refusal } from '../../models/errors';
import { latest, plusDays, type Instant } from '../../models/instant';
import type { Fact } from '../../models/tickets/fact';
import { next, type Next } from '../../models/tickets/next';
import { closesAnnounced } from '../../models/tickets/auto-close';
import type { Ticket } from '../../models/tickets/ticket';
import { done, isOwed, planReview, remind, reviewBy } from '../review';
import type { IncidentDetails } from './details';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;

const reviewDays = 5;
/** Its requester is reminded a day before it is closed, so also when the review took its time. */
const daysToClose = 2;

/** A major incident was resolved, or one that was resolved became a major one. */
export function askForReview(so: Said, at: Instant): Said {
  const dueAt = plusDays(at, reviewDays);
  return planReview(so.details({ majorReview: reviewBy(dueAt, true) }), dueAt);
}

/** It is not solved after all: there is nothing to learn from yet. */
export function dropReview(so: Said): Said {
  return so.details({ majorReview: null }).unplan('reviewDue');
}

export function awaitsReview({ details: { majorReview } }: Incident): boolean {
  return isOwed(majorReview);
}

/** Throws conflict. */
export function refuseUnreviewed(ticket: Incident): void {
  if (awaitsReview(ticket))
    throw new Refusal('conflict', 'The major incident must be reviewed before it is closed.');
}

/** Written down; from now on it may be closed, and closes by itself. Said again, it replaces what was said. */
export function reviewed(
  ticket: Incident,
  { input: { findings }, actor, occurredAt }: Fact<{ readonly findings: string }>,
): Said {
  const { majorReview } = ticket.details;
  if (majorReview === null)
    throw new Refusal('conflict', 'It was no major incident when it was resolved.');
  const planned = ticket.agenda.find(({ key }) => key === 'autoClose');
  const closing = latest(planned?.at ?? occurredAt, plusDays(occurredAt, daysToClose));
  const so = next(ticket)
    .details({ majorReview: done(majorReview, findings, actor.id, occurredAt) })
    .event('majorReviewed', { findings }, 'internal')
    .unplan('reviewDue');
  return closesAnnounced(so, { at: closing, title: 'incident' });
}

/** Nobody has reviewed it: its coordinator is asked, too. */
export function remindOfReview(ticket: Incident, at: Instant): Said {
  const { majorReview, major } = ticket.details;
  if (majorReview === null || !isOwed(majorReview)) return next(ticket);
  const { so, review } = remind(next(ticket), majorReview, at);
  const asked = so.details({ majorReview: review });
  const coordinatorId = major?.coordinatorId ?? null;
  return coordinatorId === null ? asked : asked.notify({ userId: coordinatorId }, 'reviewOverdue');
}
