/** Every feed is gapless, everything in it has an origin, and it tells how the row stands. Pure. */
import { z } from 'zod';
import { groupBy, type Evidence, type EventRow, type Finding, type TicketRow } from './evidence';

export function checkFeeds(evidence: Evidence): Finding[] {
  const { rows } = evidence;
  const feeds = feedsOf(rows.events);
  const origins = originsOf(evidence);
  return [
    ...rows.tickets.flatMap((ticket) => ofFeed(ticket, feeds.get(ticket.id) ?? [], origins)),
    ...rows.outbox.map(({ ticketId, id, detail }) => ({
      proof: 'the outbox is empty',
      ticket: ticketId,
      detail: `${id}: ${detail}`,
    })),
    ...ofRefusals(evidence, origins),
  ];
}

/** The lines of each ticket by version. */
export function feedsOf(events: readonly EventRow[]): Map<string, EventRow[]> {
  return groupBy(
    [...events].sort((a, b) => a.version - b.version),
    ({ ticketId }) => ticketId,
  );
}

/** The cause of the fact whose line this is: `cause#k` is its k-th further line. */
export function factOf({ cause }: Pick<EventRow, 'cause'>): string {
  return cause.replace(/#\d+$/, '');
}

function ofFeed(
  ticket: TicketRow,
  feed: readonly EventRow[],
  origins: ReadonlySet<string>,
): Finding[] {
  const of = (proof: string, detail: string): Finding => ({ proof, ticket: ticket.name, detail });
  const findings: Finding[] = [];
  const isWhole = feed.every(({ version }, k) => version === k + 1);
  if (!isWhole || feed.length !== ticket.version) {
    const versions = feed.map(({ version }) => version).join(' ');
    findings.push(
      of('feeds are gapless', `the row has version ${ticket.version}, its feed ${versions}`),
    );
  }
  for (const event of feed) {
    if (event.via === 'engine' || event.via === 'rule' || origins.has(factOf(event))) continue;
    findings.push(of('every fact has an origin', `nobody sent ${event.type} ${event.cause}`));
  }
  const told = feed.reduce(standingAfter, nobody);
  const stands = {
    state: ticket.state,
    assigneeId: ticket.assigneeId,
    teamId: ticket.teamId,
    watcherIds: [...ticket.watcherIds].sort(),
  };
  const [one, other] = [JSON.stringify(told), JSON.stringify(stands)];
  if (one !== other) findings.push(of('a feed tells how its row stands', `${one} but ${other}`));
  return findings;
}

/** What a feed tells of a ticket, as far as it says to whom notices go. */
export interface Standing {
  readonly state: string;
  readonly assigneeId: string | null;
  readonly teamId: string | null;
  readonly watcherIds: readonly string[];
}

export const nobody: Standing = { state: 'new', assigneeId: null, teamId: null, watcherIds: [] };

const Change = z.object({ to: z.string().nullable() }).optional();
const Said = z.object({
  changes: z.object({ state: Change, assigneeId: Change, teamId: Change }).optional(),
  userId: z.string().optional(),
});

/** How a ticket stands after a line of its feed. */
export function standingAfter(before: Standing, { type, data }: EventRow): Standing {
  const { changes, userId } = Said.parse(data);
  const watchers = before.watcherIds.filter((id) => id !== userId);
  return {
    state: changes?.state?.to ?? before.state,
    assigneeId: changes?.assigneeId === undefined ? before.assigneeId : changes.assigneeId.to,
    teamId: changes?.teamId === undefined ? before.teamId : changes.teamId.to,
    watcherIds:
      type === 'watched' && userId !== undefined
        ? [...watchers, userId].sort()
        : type === 'unwatched'
          ? watchers
          : before.watcherIds,
  };
}

/** Causes of everything that was sent. What has no key has no known cause: its text is its origin. */
function originsOf({ sayings, signals, causeOf, rows }: Evidence): Set<string> {
  const unkeyed = rows.events.filter(({ type }) => type === 'edited' || type === 'unwatched');
  return new Set([
    ...sayings.map((saying) => causeOf(saying)),
    ...signals.map(({ token }) => token),
    ...unkeyed.map(factOf),
  ]);
}

/** Each refused fact was sent by somebody; none failed on a wrong rule. */
function ofRefusals({ rows, signals }: Evidence, origins: ReadonlySet<string>): Finding[] {
  const typed = new Set(signals.map(({ ticketId, token }) => `${ticketId} ${token}`));
  return rows.refusals.flatMap(({ ticketId, cause, outcome, name, code }) => {
    const detail = `${name} (${cause}) ${outcome}: ${code}`;
    if (outcome === 'failed') return [{ proof: 'no rule fails', ticket: ticketId, detail }];
    if (origins.has(cause) || typed.has(`${ticketId} ${name}`)) return [];
    return [{ proof: 'every refused fact has an origin', ticket: ticketId, detail }];
  });
}
