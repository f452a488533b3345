/** Each ticket as it stands in Holdfast after the replay, beside what the log says. */
import type { Door } from './door';
import { overrider } from './blueprint';
import { byTicket, type LogRow } from './log-row';
import { placeOfOurs, type Place } from './mapping';
import {
  EventPage,
  likeness,
  placesOfFeed,
  placesOfLog,
  wayThrough,
  type Likeness,
  type TicketEvent,
} from './sequence';
import type { TicketLife } from './ticket-life';
import { Ticket } from './turn';

export interface Verdict {
  readonly ticket: string;
  /** Number in Holdfast; null when it was never opened. */
  readonly number: string | null;
  readonly endOfLog: Place | undefined;
  readonly end: Place | undefined;
  readonly told: readonly Place[];
  readonly way: readonly Place[];
  readonly went: readonly Place[];
  readonly likeness: Likeness;
}

/** Reads every ticket and its feed back through the API, a few at a time. */
export async function judge(
  rows: readonly LogRow[],
  lives: ReadonlyMap<string, TicketLife>,
  door: Door,
): Promise<Verdict[]> {
  const queue = byTicket(rows).entries();
  const verdicts: Verdict[] = [];
  const work = async () => {
    for (const [ticket, own] of queue) {
      verdicts.push(await verdictOf(ticket, own, lives.get(ticket), door));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return verdicts.sort((one, other) => (one.ticket < other.ticket ? -1 : 1));
}

export function endsAsTheLog({ end, endOfLog }: Verdict): boolean {
  return end === endOfLog;
}

async function verdictOf(
  ticket: string,
  rows: readonly LogRow[],
  life: TicketLife | undefined,
  door: Door,
): Promise<Verdict> {
  const told = placesOfLog(rows);
  const way = wayThrough(told);
  const expected = { ticket, told, way, endOfLog: told.at(-1) };
  const id = life?.told?.id;
  if (id === undefined) {
    return { ...expected, number: null, end: undefined, went: [], likeness: 'different' };
  }
  const { number, state, hold } = Ticket.parse(await door.read(overrider, `/incidents/${id}`));
  const went = placesOfFeed(await feedOf(id, door));
  const end = placeOfOurs(state, hold?.reason ?? null);
  return { ...expected, number, end, went, likeness: likeness(told, went) };
}

async function feedOf(id: string, door: Door): Promise<TicketEvent[]> {
  const events: TicketEvent[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = EventPage.parse(
      await door.read(overrider, `/incidents/${id}/events?limit=200${after}`),
    );
    events.push(...page.data);
    cursor = page.page.hasMore ? page.page.nextCursor : null;
  }
  return events;
}
