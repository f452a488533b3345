/** The window of a change: planned on the agenda, opened and closed by the engine, kept by the rules. */
import { Refusal } from '../../models/errors';
import { latest, plusSeconds, type Instant } from '../../models/instant';
import { conflictsOf, type Conflict, type PlannedChange } from '../../models/changes/conflicts';
import { mustBackOutAt, withinWindow } from '../../models/changes/windows';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { refuseApprover, refuseForbidden, refuseUnready } from './checks';
import type { ChangeDetails } from './details';
import { groundOf, peopleOf, templateOf, windowOf } from './needs';

type Change = Ticket<ChangeDetails>;
type Said = Next<ChangeDetails>;

const warnSeconds = 15 * 60;
const overrunSeconds = 60 * 60;

/** A standard one: its window is put on the agenda. Throws conflict when it may not be done then. */
export function schedule(so: Said, at: Instant, context: Context): Said {
  const { ticket } = so;
  refuseUnready(ticket, at);
  refuseForbidden(ticket, context);
  if (ticket.state === 'draft') refuseOtherTemplate(ticket, context);
  return place(so, at);
}

/** Puts its window on the agenda, in place of the one before. A window that is over is missed at once. */
export function place(so: Said, at: Instant): Said {
  const window = windowOf(so.ticket);
  if (!window) throw new Refusal('conflict', 'Not planned yet: window.', { missing: ['window'] });
  return unschedule(so)
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
  for (const id of [byId, ...peopleOf(ticket)]) refuseApprover(ticket, id);
  refuseForbidden(ticket, context);
  refuseBlocked(ticket, at, context);
  const backOutBy = latest(mustBackOutAt(window, ticket.details.backOutMinutes), at);
  const warnAt = plusSeconds(window.end, -warnSeconds);
  return next(ticket)
    .state('implementing')
    .set({ assigneeId: ticket.assigneeId ?? byId })
    .details({ implementation: { startedAt: at, byId, endedAt: null, overruns: 0 } })
    .unplan('windowOpens', 'windowCloses')
    .plan({ key: 'backOutBy', at: backOutBy, what: 'Backing out must begin.' })
    .when(warnAt > at, (so) =>
      so.plan({ key: 'windowEnds', at: warnAt, what: 'The window ends in 15 minutes.' }),
    )
    .plan({ key: 'overrun', at: window.end, what: 'The window is over.' });
}

/** What is under way and blocks, be it that its window is over and it is not. Throws conflict. */
function refuseBlocked(ticket: Change, at: Instant, context: Context): void {
  const window = windowOf(ticket);
  if (!window) return;
  const ground = groundOf(context);
  const running = ground.others
    .filter(({ state }) => state === 'implementing' || state === 'backingOut')
    .map((other) => ({
      ...other,
      window: { ...other.window, end: latest(other.window.end, plusSeconds(at, 1)) },
    }));
  const blocking = conflictsOf(asPlanned(ticket, window, ground), running, ground).filter(
    ({ isBlocking, with: met }: Conflict) => isBlocking && met?.type === 'change',
  );
  if (blocking.length === 0) return;
  const reasons = blocking.map(({ reason }) => reason);
  throw new Refusal('conflict', reasons.join(' '), { conflicts: blocking });
}

function asPlanned(
  { id, number, title, details }: Change,
  window: PlannedChange['window'],
  { services, people }: Pick<ReturnType<typeof groundOf>, 'services' | 'people'>,
): PlannedChange {
  const { configurationItems } = details;
  return { id, number, title, window, services, people, configurationItems };
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
