/** A look back at what was done, as every process takes it: owed by a date, reminded of until somebody writes it down. */
import { z } from 'zod';
import { plusDays, type Instant } from '../models/instant';
import type { Next } from '../models/tickets/next';

const at = z.iso.datetime();

export const ReviewShape = z.object({
  isNeeded: z.boolean(),
  dueAt: at,
  remindedTimes: z.int(),
  findings: z.string().nullable(),
  doneAt: at.nullable(),
  byId: z.uuid().nullable(),
});
export type Review = Readonly<z.infer<typeof ReviewShape>>;

export function reviewBy(dueAt: Instant, isNeeded: Review['isNeeded']): Review {
  return { isNeeded, dueAt, remindedTimes: 0, findings: null, doneAt: null, byId: null };
}

/** What was learnt is written down. */
export function done(review: Review, findings: string, byId: string | null, on: Instant): Review {
  return { ...review, findings, doneAt: on, byId };
}

/** Whether the end has to wait for it. */
export function isOwed(review: Review | null): boolean {
  return review?.isNeeded === true && review.doneAt === null;
}

/** `reviewDue` speaks at that instant; the process has a rule for it. */
export function planReview<D>(so: Next<D>, dueAt: Instant): Next<D> {
  return so.plan({ key: 'reviewDue', at: dueAt, what: 'The review is due.' });
}

/**
 * Nobody has reviewed it: reminded every day, higher up from the second time on, until somebody does. The
 * process declares the notice `reviewOverdue`, and keeps what is returned beside it.
 */
export function remind<D>(
  so: Next<D>,
  review: Review,
  on: Instant,
): { readonly so: Next<D>; readonly review: Review } {
  const remindedTimes = review.remindedTimes + 1;
  const reminded = so
    .event('reviewOverdue', { times: remindedTimes })
    .notify('assignee', 'reviewOverdue')
    .notify('teamLead', 'reviewOverdue')
    .when(remindedTimes > 1, (one) => one.notify('managers', 'reviewOverdue'))
    .plan({ key: 'reviewDue', at: plusDays(on, 1), what: 'The review is overdue.' });
  return { so: reminded, review: { ...review, remindedTimes } };
}
