/** What was learnt from a major incident: due some days after it was resolved, and asked for until it is there. */
import { Refusal } from '../../models/errors';
import { latest, plusDays, type Instant } from '../../models/instant';
import type { Fact } from '../../models/tickets/fact';
import { next, type Next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
import { closesAnnounced } from './closing';
import type { IncidentDetails } from './details';

type Incident = Ticket<IncidentDetails>;
type Said = Next<IncidentDetails>;

const reviewDays = 5;
/** Its requester is reminded a day before it is closed, so also when the review took its time. */
const daysToClose = 2;

/** A major incident was resolved, or one that was resolved became a major one. */
export function askForReview(so: Said, at: Instant): Said {
  const dueAt = plusDays(at, reviewDays);
  return so
    .details({
      majorReview: {
        ...{ isNeeded: true, dueAt, remindedTimes: 0 },
        ...{ findings: null, doneAt: null, byId: null },
      },
    })
    .plan({ key: 'majorReview', at: dueAt, what: 'The review of the major incident is due.' });
}

/** It is not solved after all: there is nothing to learn from yet. */
export function dropReview(so: Said): Said {
  return so.details({ majorReview: null }).unplan('majorReview');
}

export function awaitsReview({ details: { majorReview } }: Incident): boolean {
  return majorReview !== null && majorReview.isNeeded && majorReview.doneAt === null;
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
    .details({ majorReview: { ...majorReview, findings, doneAt: occurredAt, byId: actor.id } })
    .event('majorReviewed', { findings }, 'internal')
    .unplan('majorReview');
  return closesAnnounced(so, closing);
}

/** Nobody has reviewed it: asked for every day, higher up from the second time on. */
export function remindOfReview(ticket: Incident, at: Instant): Said {
  const { majorReview, major } = ticket.details;
  if (majorReview === null || !awaitsReview(ticket)) return next(ticket);
  const remindedTimes = majorReview.remindedTimes + 1;
  const so = next(ticket)
    .details({ majorReview: { ...majorReview, remindedTimes } })
    .event('majorReviewOverdue', { times: remindedTimes }, 'internal');
  const coordinatorId = major?.coordinatorId ?? null;
  const asked = coordinatorId === null ? so : so.notify({ userId: coordinatorId }, 'reviewOverdue');
  return asked
    .notify('assignee', 'reviewOverdue')
    .notify('teamLead', 'reviewOverdue')
    .when(remindedTimes > 1, (one) => one.notify('managers', 'reviewOverdue'))
    .plan({ key: 'majorReview', at: plusDays(at, 1), what: 'The review is overdue.' });
}
