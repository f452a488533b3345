/** The order of a ticket's places: as the log tells it, as Holdfast must then go, as it went. Pure. */
import { z } from 'zod';
import type { LogRow } from './log-row';
import { placeOfOurs, type Place } from './place';

/** What the log tells; rows that stay where the ticket is are one. */
export function placesOfLog(rows: readonly Pick<LogRow, 'place'>[]): Place[] {
  const told = rows.map(({ place }) => place);
  return withoutRepeats(told.filter((place) => place !== 'same'));
}

/** The way that an incident knows through these places: with the stops that it makes on the way. */
export function wayThrough(told: readonly Place[]): Place[] {
  const way: Place[] = ['new'];
  let hasStarted = false;
  for (const place of told) {
    const from = way.at(-1) ?? 'new';
    const stops: Place[] = [...stopsBetween(from, place, hasStarted), place];
    // What lies in a queue again is begun again.
    hasStarted = place !== 'new' && (hasStarted || stops.includes('active'));
    way.push(...stops);
  }
  return withoutRepeats(way);
}

/** A hold ends where the work stood: in the queue when nobody had started. */
function stopsBetween(from: Place, to: Place, hasStarted: boolean): Place[] {
  if (from.startsWith('hold:') && to === 'active' && !hasStarted) return ['new'];
  if (to === 'closed' && from !== 'resolved') return ['resolved'];
  if (from === 'resolved' && to.startsWith('hold:')) return ['active'];
  return [];
}

const Event = z.object({
  type: z.string(),
  data: z.object({
    reason: z.unknown().optional(),
    changes: z
      .object({
        state: z.object({ to: z.string() }).optional(),
        assigneeId: z.object({ to: z.string().nullable() }).optional(),
      })
      .optional(),
  }),
});
export type TicketEvent = z.infer<typeof Event>;
export const EventPage = z.object({
  data: z.array(Event),
  page: z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() }),
});

/** The places in the feed of an incident. */
export function placesOfFeed(events: readonly TicketEvent[]): Place[] {
  const went = events.flatMap(({ type, data }) => {
    if (type === 'held') return [placeOfOurs('onHold', String(data.reason))];
    const to = data.changes?.state?.to;
    return to === undefined ? [] : [placeOfOurs(to, null)];
  });
  return withoutRepeats<Place>(['new', ...went]);
}

export type Likeness =
  /** Place by place as in the log. */
  | 'equal'
  /** The log begins in the middle of a life; ours begins with its birth, the rest is equal. */
  | 'equalAfterBirth'
  /** With the stops that our process makes where the log jumps. */
  | 'bridged'
  /** The same without the moves that our process does not know. */
  | 'withoutUnknown'
  | 'different';

/** `known` is what the log tells without the moves that our process does not know. */
export function likeness(
  told: readonly Place[],
  known: readonly Place[],
  went: readonly Place[],
  wayThrough: (told: readonly Place[]) => Place[],
): Likeness {
  if (same(told, went)) return 'equal';
  if (same([...wayThrough([]), ...told], went)) return 'equalAfterBirth';
  if (same(wayThrough(told), went)) return 'bridged';
  return same(wayThrough(known), went) ? 'withoutUnknown' : 'different';
}

/** Stops of a way that the log does not tell of, each between the places around it. */
export function stopsOf(told: readonly Place[], way: readonly Place[]): string[] {
  const left = [...told];
  let from = '(begins)';
  return way.flatMap((place) => {
    // No stop is the place before which it lies.
    const to = left[0] ?? '(ends)';
    const before = from;
    from = place;
    if (place !== to) return [`${before} → ${place} → ${to}`];
    left.shift();
    return [];
  });
}

function same(one: readonly Place[], other: readonly Place[]): boolean {
  return one.length === other.length && one.every((place, index) => place === other[index]);
}

export function withoutRepeats<T>(places: readonly T[]): T[] {
  return places.filter((place, index) => index === 0 || place !== places[index - 1]);
}
