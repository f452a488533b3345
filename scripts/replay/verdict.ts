/** Each ticket as it stands in Holdfast after the replay, beside what the log says. */
import { byTicket, type LogRow } from './log-row';
import type { Place } from './place';
import type { Replayed } from './run';
import type { Play } from './play';
import { EventPage, likeness, placesOfLog, type Likeness, type TicketEvent } from './sequence';
import type { RowTale } from './turn';

export interface Verdict {
  readonly ticket: string;
  /** Number in Holdfast; null when it was never opened. */
  readonly number: string | null;
  readonly endOfLog: Place | undefined;
  readonly end: Place | undefined;
  readonly told: readonly Place[];
  /** Why the last move that was not made was not; undefined when all were. */
  readonly because: string | undefined;
  readonly went: readonly Place[];
  readonly likeness: Likeness;
}

type Reader = Pick<Play, 'door' | 'cast' | 'telling'>;

/** Reads every ticket and its feed back through the API, a few at a time. */
export async function judge(
  rows: readonly LogRow[],
  { lives, tales }: Replayed,
  reader: Reader,
): Promise<Verdict[]> {
  const queue = byTicket(rows).entries();
  const taken = byTicket(tales);
  const verdicts: Verdict[] = [];
  const work = async () => {
    for (const [ticket, own] of queue) {
      const expected = expectedOf(ticket, own, taken.get(ticket) ?? []);
      verdicts.push(await verdictOf(expected, lives.get(ticket)?.told?.id, reader));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return verdicts.sort((one, other) => (one.ticket < other.ticket ? -1 : 1));
}

export function endsAsTheLog({ end, endOfLog }: Verdict): boolean {
  return end === endOfLog;
}

type Expected = ReturnType<typeof expectedOf>;

/** `known` is where the ticket must have gone, with the moves left out that were not made. */
function expectedOf(ticket: string, rows: readonly LogRow[], tales: readonly RowTale[]) {
  const missed = tales.filter(({ stoppedAt }) => stoppedAt !== undefined);
  const stops = new Map(missed.map(({ line, stoppedAt }) => [line, stoppedAt]));
  const told = placesOfLog(rows);
  const known = placesOfLog(rows.map(({ line, place }) => ({ place: stops.get(line) ?? place })));
  const because = missed.at(-1)?.why;
  return { ticket, told, known, because, endOfLog: told.at(-1) };
}

async function verdictOf(
  expected: Expected,
  id: string | undefined,
  reader: Reader,
): Promise<Verdict> {
  if (id === undefined) {
    return { ...expected, number: null, end: undefined, went: [], likeness: 'different' };
  }
  const { door, cast, telling } = reader;
  const { number, seen } = telling.toldIn(await door.read(cast.manager, `${telling.path}/${id}`));
  const went = telling.placesOfFeed(await feedOf(id, reader));
  const end = telling.placeOf(seen);
  const { told, known } = expected;
  const verdict = likeness(told, known, went, telling.wayThrough);
  return { ...expected, number, end, went, likeness: verdict };
}

async function feedOf(id: string, { door, cast, telling }: Reader): Promise<TicketEvent[]> {
  const events: TicketEvent[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = EventPage.parse(
      await door.read(cast.manager, `${telling.path}/${id}/events?limit=200${after}`),
    );
    events.push(...page.data);
    cursor = page.page.hasMore ? page.page.nextCursor : null;
  }
  return events;
}
