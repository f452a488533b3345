/** The clocks of a ticket after a fact: they follow what policies promise for it as it stands then. */
import { compiled } from '../filter/compiled';
import { isOpenState } from '../../workflows/process';
import { calendarOf, type Agreement } from '../sla/agreement';
import { dueAt, withdrawn } from '../sla/clock';
import type { ClockEvent } from '../sla/clock/events';
import type { Clock, Terms } from '../sla/clock/shape';
import { clockEvents, type End } from '../sla/drive';
import { promisesFor, type Promisee } from '../sla/policy/promise';
import { latest, type Instant } from '../instant';
import type { Watched } from './changes';
import type { NewEvent } from './owed';
import type { Process } from './rules';
import { conditionFields, subjectOf, type Ground } from './subject';
import type { Channel } from './ticket';

/** A ticket as a fact has left it, with its clocks as they were before. */
export interface Left {
  readonly watched: Watched;
  readonly channel: Channel;
  readonly openedAt: Instant;
  readonly clocks: readonly Clock[];
  readonly at: Instant;
  readonly isRefreshed: boolean;
}

/** What happens to the clocks at a moment; also of a ticket that is long closed, by other policies. */
export function eventsAt(
  process: Process,
  moment: Left,
  { agreement, ground }: { agreement: Agreement; ground: Ground },
): ClockEvent[] {
  const promisee = promiseeOf(process, moment, ground);
  if (!promisee) return [];
  const { clocks, at, isRefreshed, watched } = moment;
  return clockEvents({
    ...{ clocks, at, isRefreshed, promisee },
    promised: promisesFor(agreement, knownAt(moment), promisee),
    end: endOf(process, watched),
  });
}

/**
 * As of when policies count: a fact that comes late does not bring back what a newer version has ended, or
 * clocks would go to and fro between the two.
 */
export function knownAt({ at, clocks }: Pick<Left, 'at' | 'clocks'>): Instant {
  const changes = clocks.flatMap(({ state, termsSince, stoppedAt }) =>
    state === 'cancelled' && stoppedAt !== null ? [termsSince, stoppedAt] : [termsSince],
  );
  return changes.reduce(latest, at);
}

/** Whether it has ended: nothing is promised any more. */
export function endOf({ declaration }: Process, { state, resolvedAt }: Watched): End {
  if (isOpenState(declaration, state)) return null;
  return resolvedAt === null ? 'unresolved' : 'resolved';
}

/** Undefined for a process without SLA. */
export function promiseeOf(
  { declaration }: Process,
  { watched, channel, openedAt }: Pick<Left, 'watched' | 'channel' | 'openedAt'>,
  ground: Ground,
): Promisee | undefined {
  if (!declaration.sla) return undefined;
  const subject = subjectOf(watched, channel, ground);
  const fields = conditionFields(declaration);
  const { priority, teamId, resolvedAt, answeredAt } = watched;
  return {
    ...{ openedAt, priority, teamId, resolvedAt, answeredAt },
    facet: (name) => integerOf(subject[name]),
    holds: (when) => compiled(fields, when)(subject),
    calendars: {
      service: ground.service?.calendarId ?? null,
      team: ground.team?.calendarId ?? null,
    },
    waits: declaration.sla,
  };
}

function integerOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Lines of the feed for what people look for: other terms, and breaches that were none. */
export function linesOf(
  before: readonly Clock[],
  events: readonly ClockEvent[],
  { after, agreement }: { after: readonly Clock[]; agreement: Agreement },
): NewEvent[] {
  const retargeted = events.flatMap((event) => {
    const [from, to] = [before, after].map((all) => all.find(({ id }) => id === event.clock));
    return event.did === 'retargeted' && from && to ? [retargetLine(from, to, agreement)] : [];
  });
  return [...retargeted, ...withdrawals(before, after)];
}

function retargetLine(from: Clock, to: Clock, agreement: Agreement): NewEvent {
  const told = (clock: Clock) => {
    const { targetSeconds }: Terms = clock.terms;
    return { targetSeconds, dueAt: dueAt(clock, calendarOf(agreement, clock)) };
  };
  const { policy, rule, calendar } = to.terms;
  const data = { clock: to.id, from: told(from), to: told(to), policy, rule, calendar };
  return { type: 'slaRetargeted', data, visibility: 'internal' };
}

/** Breaches that a fact took back because it happened before them. */
function withdrawals(before: readonly Clock[], after: readonly Clock[]): NewEvent[] {
  return after.flatMap((clock) => {
    const old = before.find(({ id }) => id === clock.id);
    const breaches = old === undefined || old === clock ? [] : withdrawn(old, clock).breaches;
    return breaches.map(({ at }) => ({
      type: 'slaBreachWithdrawn',
      data: { clock: clock.id, breachedAt: at },
      visibility: 'internal' as const,
    }));
  });
}
