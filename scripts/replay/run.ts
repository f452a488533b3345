/** All rows in the order of the log, many tickets side by side, each ticket strictly in order. */
import type { Journal } from './journal';
import type { LogRow } from './log-row';
import type { Play } from './play';
import { TicketLife } from './ticket-life';
import type { RowTale } from './turn';

export interface Running {
  readonly play: Play;
  /** Rows under way at once. */
  readonly concurrency: number;
  /** What earlier runs have done; undefined = nothing is kept. */
  readonly journal: Journal | undefined;
  /** Called after each row with the number of rows done. */
  readonly onRow: (done: number) => void;
}

export interface Replayed {
  readonly lives: ReadonlyMap<string, TicketLife>;
  readonly tales: readonly RowTale[];
  /** Rows that an earlier run had done. */
  readonly recalled: number;
  readonly elapsedMs: number;
}

/** Resolves when every row is decided; rejects with the first error that is no refusal. */
export async function replay(rows: readonly LogRow[], running: Running): Promise<Replayed> {
  const { concurrency, journal, onRow } = running;
  const since = performance.now();
  const lives = new Map<string, TicketLife>();
  const turns = new Map<string, Promise<unknown>>();
  const { left, tales } = recall(rows, running, lives);
  const recalled = tales.length;
  const queue = left[Symbol.iterator]();
  const work = async () => {
    // All workers share one iterator: rows are begun in the order of the log.
    for (const row of queue) {
      const life = lifeOf(row, running, lives);
      const turn = (turns.get(row.ticket) ?? Promise.resolve()).then(() => life.take(row));
      turns.set(row.ticket, turn);
      const tale = await turn;
      journal?.keep(tale, life.told);
      tales.push(tale);
      onRow(tales.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { lives, tales, recalled, elapsedMs: performance.now() - since };
}

/** Takes over what earlier runs have done; what is left is said. */
function recall(
  rows: readonly LogRow[],
  running: Running,
  lives: Map<string, TicketLife>,
): { left: LogRow[]; tales: RowTale[] } {
  const tales: RowTale[] = [];
  const left = rows.filter((row) => {
    const known = running.journal?.entryOf(row.line);
    if (known === undefined) return true;
    lifeOf(row, running, lives).recall(row, known.told);
    tales.push(known.tale);
    return false;
  });
  return { left, tales };
}

function lifeOf({ ticket }: LogRow, { play }: Running, lives: Map<string, TicketLife>): TicketLife {
  const life = lives.get(ticket) ?? new TicketLife(play);
  lives.set(ticket, life);
  return life;
}
