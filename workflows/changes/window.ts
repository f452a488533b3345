/** The window of a change: planned on the agenda, opened and closed by the engine, kept by the rules. */
import { Refusal } from '../../models/errors';
import { latest, plusDays, plusSeconds, type Instant } from '../../models/instant';
import { conflictsOf, type Conflict, type PlannedChange } from '../../models/changes/conflicts';
import { mustBackOutAt, withinWindow } from '../../models/changes/windows';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { refuseForbidden, refuseUnready } from './checks';
import type { ChangeDetails } from './details';
import { groundOf, templateOf, windowOf } from './needs';

type Change = Ticket<ChangeDetails>;
type Said = Next<ChangeDetails>;

const warnSeconds = 15 * 60;
const overrunSeconds = 60 * 60;
const reviewDays = { emergency: 3, others: 5 } as const;

/** Approved or standard: its window is put on the agenda. Throws conflict when it may not be done then. */
export function schedule(so: Said, at: Instant, context: Context): Said {
  const { ticket } = so;
  refuseUnready(ticket);
  refuseForbidden(ticket, context);
  if (ticket.details.kind === 'standard' && ticket.state === 'draft')
    refuseOtherTemplate(ticket, context);
  const window = windowOf(ticket);
  if (!window) throw new Refusal('conflict', 'Not planned yet: window.', { missing: ['window'] });
  return so
    .state('scheduled')
    .when(window.start > at, (one) =>
      one.plan({ key: 'windowOpens', at: window.start, what: 'The window opens.' }),
    )
    .plan({ key: 'windowCloses', at: latest(window.end, at), what: 'The window closes.' });
}

/** A template that was edited since is another one. */
function refuseOtherTemplate({ details }: Change, context: Context): void {
  const template = templateOf(context);
  if (template?.state === 'approved' && template.version === details.templateVersion) return;
  throw new Refusal('conflict', 'Its template is not approved as it was: open the change anew.');
}

export function unschedule(so: Said): Said {
  return so.unplan('windowOpens', 'windowCloses', 'lapse');
}

/** Work begins: only inside the window, with nothing that blocks. Throws conflict. */
export function begin(ticket: Change, byId: string | null, at: Instant, context: Context): Said {
  const window = windowOf(ticket);
  if (!window || !withinWindow(window, at)) {
    throw new Refusal('conflict', 'This is not the time: it is begun in its window.', { window });
  }
  refuseForbidden(ticket, context);
  const blocking = conflicts(ticket, context).filter((one) => isRunning(one, context));
  if (blocking.length > 0) {
    const reasons = blocking.map(({ reason }) => reason);
    throw new Refusal('conflict', reasons.join(' '), { conflicts: blocking });
  }
  const backOutBy = mustBackOutAt(window, ticket.details.backOutMinutes);
  const warnAt = plusSeconds(window.end, -warnSeconds);
  return next(ticket)
    .state('implementing')
    .set({ assigneeId: ticket.assigneeId ?? byId })
    .details({ implementation: { startedAt: at, byId, endedAt: null, overruns: 0 } })
    .unplan('windowOpens', 'windowCloses')
    .when(backOutBy > at, (so) =>
      so.plan({ key: 'backOutBy', at: backOutBy, what: 'Backing out must begin.' }),
    )
    .when(warnAt > at, (so) =>
      so.plan({ key: 'windowEnds', at: warnAt, what: 'The window ends in 15 minutes.' }),
    )
    .plan({ key: 'overrun', at: window.end, what: 'The window is over.' });
}

/** Everything that it collides with, by what stands beside it now. */
export function conflicts(ticket: Change, context: Context): Conflict[] {
  const window = windowOf(ticket);
  if (!window) return [];
  const ground = groundOf(context);
  return conflictsOf(asPlanned(ticket, window, ground), ground.others, ground);
}

export function asPlanned(
  { id, number, title, details }: Change,
  window: PlannedChange['window'],
  { services, people }: Pick<ReturnType<typeof groundOf>, 'services' | 'people'>,
): PlannedChange {
  const { configurationItems } = details;
  return { id, number, title, window, services, people, configurationItems };
}

/** A change that blocks and is under way. Freezes and maintenance have been looked at before. */
function isRunning({ isBlocking, with: met }: Conflict, context: Context): boolean {
  if (!isBlocking || met?.type !== 'change') return false;
  const other = groundOf(context).others.find(({ id }) => id === met.id);
  return other?.state === 'implementing' || other?.state === 'backingOut';
}

export function backOutDue(ticket: Change): Said {
  return next(ticket)
    .event('backOutDue', { minutes: ticket.details.backOutMinutes })
    .notify('assignee', 'backOutDue')
    .notify('teamLead', 'backOutDue');
}

/** Said again every hour, higher up from the second time on. */
export function overran(ticket: Change, at: Instant): Said {
  const { implementation } = ticket.details;
  if (!implementation) return next(ticket);
  const overruns = implementation.overruns + 1;
  return next(ticket)
    .details({ implementation: { ...implementation, overruns } })
    .event('overran', { times: overruns })
    .notify('assignee', 'overran')
    .notify('teamLead', 'overran')
    .when(overruns > 1, (so) => so.notify('managers', 'overran'))
    .plan({
      key: 'overrun',
      at: plusSeconds(at, overrunSeconds),
      what: 'The window is over, the work is not.',
    });
}

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

/** Nobody has reviewed it: reminded every day, higher up from the second time on, until somebody does. */
export function remindOfReview(ticket: Change, at: Instant): Said {
  const { review } = ticket.details;
  if (!review) return next(ticket);
  if (!review.isNeeded) {
    return next(ticket)
      .state('closed')
      .set({ closedAt: at })
      .event('closed', { reason: 'noReview' });
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
