/** Holds what was acknowledged against what the rows say. Pure. */
import type { Acknowledged } from './load';

/** A ticket's feed, as stored. */
export interface Feed {
  readonly ticketId: string;
  /** Types of its lines, in the order of their versions. */
  readonly types: readonly string[];
  readonly lastVersion: number;
}

export interface Proof {
  readonly tickets: number;
  readonly commands: number;
  /** Acknowledged, and not in the feed. */
  readonly lost: readonly string[];
  /** In the feed more often than it was asked for, or by nobody's wish. */
  readonly twice: readonly string[];
  readonly gaps: readonly string[];
}

/** `feeds`: of every ticket that there is; `acknowledged`: all that was ever asked for. */
export function prove(acknowledged: readonly Acknowledged[], feeds: readonly Feed[]): Proof {
  const feedOf = new Map(feeds.map((feed) => [feed.ticketId, feed]));
  const lost = acknowledged.flatMap(({ ticketId, events }) =>
    [...new Set(events)]
      .filter((type) => count(feedOf.get(ticketId), type) < times(events, type))
      .map((type) => `${ticketId} ${type}`),
  );
  const asked = new Map(acknowledged.map(({ ticketId, events }) => [ticketId, events]));
  const twice = feeds.flatMap((feed) => {
    const events = asked.get(feed.ticketId) ?? [];
    return people
      .filter((type) => count(feed, type) > times(events, type))
      .map((type) => `${feed.ticketId} ${type}`);
  });
  return {
    tickets: acknowledged.length,
    commands: acknowledged.reduce((sum, { events }) => sum + events.length, 0),
    ...{ lost, twice },
    gaps: feeds.filter((feed) => feed.types.length !== feed.lastVersion).map((f) => f.ticketId),
  };
}

/** What only people do; all else a ticket does by itself. */
const people = ['opened', 'started', 'commented', 'resolved'];

const times = (events: readonly string[], type: string) =>
  events.filter((one) => one === type).length;

const count = (feed: Feed | undefined, type: string) => times(feed?.types ?? [], type);
