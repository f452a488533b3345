/** Steps that several rules of a problem take. */
import { plusDays, type Instant } from '../../models/instant';
import type { Settings } from '../../models/organizations/settings';
import { holderOf } from '../../models/tickets/holder';
import type { Next } from '../../models/tickets/next';
import { isOwed, planReview, reviewBy } from '../review';
import type { ProblemDetails } from './details';
import type { Resolve } from './inputs';

type Said = Next<ProblemDetails>;

const reviewDays = 5;

/** It is reviewed before it is closed, also when it was resolved before it was called major. */
export function majorDeclared(so: Said, major: NonNullable<ProblemDetails['major']>): Said {
  const declared = so
    .details({ major })
    .notify('teamLead', 'majorDeclared')
    .notify('managers', 'majorDeclared');
  return so.ticket.state === 'resolved' ? reviewOwed(declared, major.declaredAt) : declared;
}

interface Ending extends Pick<Resolve, 'code' | 'notes' | 'watchDays' | 'onRecurrence'> {
  readonly byId: string | null;
}

/** It has an end; whether it stays away is watched. */
export function resolved(
  so: Said,
  { code, notes, byId, ...wanted }: Ending,
  at: Instant,
  { problemWatchDays }: Pick<Settings, 'problemWatchDays'>,
): Said {
  const isGone = code === 'fixed' || code === 'notReproducible';
  const until = plusDays(at, wanted.watchDays ?? problemWatchDays);
  const watch: ProblemDetails['watch'] = {
    ...{ since: at, until, isAsked: false, confirmedAt: null },
    onRecurrence: wanted.onRecurrence ?? (isGone ? 'reopen' : 'ask'),
  };
  const ended = so
    .state('resolved')
    .set({ resolvedAt: at })
    .details({ resolution: { code, notes, byId }, watch })
    .plan({ key: 'watch', at: until, what: 'The problem is closed if it has not come again.' })
    .event('resolved', { code, notes, watchedUntil: until })
    .notify('requester', 'resolved');
  return so.ticket.details.major === null ? ended : reviewOwed(ended, at);
}

/** A review that was done before counts no longer: something has happened since. */
function reviewOwed(so: Said, at: Instant): Said {
  const dueAt = plusDays(at, reviewDays);
  return planReview(so.details({ review: reviewBy(dueAt, true) }), dueAt);
}

/** Back to looking for the cause; incidents that went on with it keep what they have. */
export function reopened(so: Said, reason: string): Said {
  const { details } = so.ticket;
  return so
    .state('investigating')
    .set({ resolvedAt: null })
    .details({
      ...{ resolution: null, watch: null, fix: null, reopenCount: details.reopenCount + 1 },
      review: isOwed(details.review) ? null : details.review,
    })
    .unplan('watch', 'reviewDue')
    .event('reopened', { reason })
    .notify(holderOf(so.ticket), 'reopened');
}

/** Nothing more is to be done; an error that is gone is known no more. */
export function closed(so: Said, at: Instant): Said {
  const { knownError, resolution } = so.ticket.details;
  const isGone = resolution?.code === 'fixed' && knownError !== null;
  return so
    .state('closed')
    .set({ closedAt: at })
    .when(isGone && knownError.state !== 'retired', (one) => retired(one, at));
}

export function retired(so: Said, at: Instant): Said {
  const { knownError } = so.ticket.details;
  if (!knownError) return so;
  return so
    .details({ knownError: { ...knownError, state: 'retired', retiredAt: at } })
    .event('knownErrorRetired');
}
