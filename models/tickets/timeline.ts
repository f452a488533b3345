/** How a ticket stood over its life, as its feed tells it, and what clocks that makes of it. */
import { z } from 'zod';
import type { Scalar } from '../filter/condition';
import type { Instant } from '../instant';
import type { Agreement } from '../sla/agreement';
import { allHappened, type ClockEvent } from '../sla/clock/events';
import type { Clock } from '../sla/clock/shape';
import { clockEvents } from '../sla/drive';
import { promisesFor, type Promised } from '../sla/policy/promise';
import { changedBy, watchedOf, type Changes, type Watched } from './changes';
import { endOf, eventsAt, knownAt, promiseeOf, type Left } from './clocks';
import type { TicketEvent } from './happening';
import type { Process } from './rules';
import type { Ground } from './subject';
import type { Channel, Ticket } from './ticket';

/** How it stood from an instant on. */
export interface Moment {
  readonly at: Instant;
  readonly watched: Watched;
}

export interface Timeline {
  readonly openedAt: Instant;
  readonly channel: Channel;
  /** In the order in which they were applied; the first is the opening. */
  readonly moments: readonly Moment[];
}

/** A line of the feed, as far as a timeline reads it. */
export type Line = Pick<TicketEvent, 'at' | 'data'>;

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullable();
const Changed = z.object({
  changes: z.record(z.string(), z.object({ from: scalar, to: scalar })).optional(),
  /** Clocks also move when nothing of the ticket has changed, as by another version of a policy. */
  clocks: z.array(z.unknown()).optional(),
});

/** `lines` is the whole feed in the order of its versions, and `ticket` what came of it. */
export function timelineOf(process: Process, ticket: Ticket, lines: readonly Line[]): Timeline {
  const steps = lines.flatMap(({ at, data }, k) => {
    const { changes, clocks } = Changed.parse(data);
    return changes || clocks || k === 0 ? [{ at, changes: changes ?? {} }] : [];
  });
  const present = watchedOf(ticket, process.rules.sla);
  const first = steps.reduceRight((watched, { changes }) => undone(watched, changes), present);
  const moments: Moment[] = [];
  let watched = first;
  for (const { at, changes } of steps) {
    watched = changedBy(watched, changes);
    moments.push({ at, watched });
  }
  return { openedAt: ticket.openedAt, channel: ticket.channel, moments };
}

/** Policies as if they had always been there. */
interface Other {
  readonly agreement: Agreement;
  /** What stood around it as it was then: other teams and services have other calendars. */
  readonly groundOf: (watched: Watched) => Ground;
}

/** The clocks that policies would have made of it: the same that the kernel makes as it goes. */
export function recounted(
  process: Process,
  timeline: Timeline,
  { agreement, groundOf }: Other,
): readonly Clock[] {
  const { openedAt, channel, moments } = timeline;
  return moments.reduce<readonly Clock[]>((clocks, moment, k) => {
    const left = { ...moment, openedAt, channel, clocks, isRefreshed: false };
    const terms = { agreement, ground: groundOf(moment.watched) };
    const past = { ...timeline, moments: moments.slice(0, k) };
    const events = eventsAt(process, left, terms);
    return allHappened(clocks, recalled(process, events, { left, past, terms }));
  }, []);
}

interface Recalled {
  /** As the fact has left it at which these events happen. */
  readonly left: Left;
  /** Before that. */
  readonly past: Timeline;
  readonly terms: { readonly agreement: Agreement; readonly ground: Ground };
}

/** With the pauses and the stop that clocks which count from before their promise would have had. */
export function recalled(
  process: Process,
  events: readonly ClockEvent[],
  { left, past, terms: { agreement, ground } }: Recalled,
): readonly ClockEvent[] {
  const late = new Set(lateStarts(events).map(({ clock }) => clock));
  const promisee = promiseeOf(process, left, ground);
  if (late.size === 0 || !promisee) return events;
  const { at, watched } = left;
  const whole = { ...past, moments: [...past.moments, { at, watched }] };
  const promised = promisesFor(agreement, knownAt(left), promisee);
  return events.flatMap((event) => {
    if (!late.has(event.clock)) return [event];
    // A pause that came with the start is among those that are told again.
    if (event.did !== 'started') return [];
    const one = promised.find(({ target }) => target.id === event.target);
    const then = one ? inRetrospect(process, whole, { promised: one, ground }) : [];
    return then.map((told) =>
      told.did === 'started' && told.at < at ? { ...told, promisedAt: at } : told,
    );
  });
}

/** Clocks that begin for a time that was before they were promised. */
export function lateStarts(events: readonly ClockEvent[]) {
  return events.flatMap((event) =>
    event.did === 'started' && event.promisedAt !== undefined ? [event] : [],
  );
}

/** What would have happened to the clock of one promise, had it been promised from the opening on. */
export function inRetrospect(
  process: Process,
  { openedAt, channel, moments }: Timeline,
  { promised, ground }: { promised: Promised; ground: Ground },
): ClockEvent[] {
  let clocks: readonly Clock[] = [];
  return moments.flatMap(({ at, watched }) => {
    const promisee = promiseeOf(process, { watched, channel, openedAt }, ground);
    if (!promisee) return [];
    const drive = { clocks, promised: [promised], promisee, at, isRefreshed: false };
    const events = clockEvents({ ...drive, end: endOf(process, watched) });
    clocks = allHappened(clocks, events);
    return events;
  });
}

function undone(watched: Watched, changes: Changes): Watched {
  const before = Object.entries(changes).map(([name, { from }]) => [name, from] as const);
  return { ...watched, ...Object.fromEntries<Scalar | null>(before) };
}
