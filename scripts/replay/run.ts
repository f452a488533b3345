/** All rows in the order of the log, many tickets side by side, each ticket strictly in order. */
import type { Door } from './door';
import type { LogRow } from './log-row';
import type { Rules } from './plan';
import { TicketLife } from './ticket-life';
import type { RowTale } from './turn';

export interface Running {
  readonly door: Door;
  readonly rules: Rules;
  /** Rows under way at once. */
  readonly concurrency: number;
  /** Called after each row with the number of rows done. */
  readonly onRow: (done: number) => void;
}

export interface Replayed {
  readonly lives: ReadonlyMap<string, TicketLife>;
  readonly tales: readonly RowTale[];
  readonly elapsedMs: number;
}

/** Resolves when every row is decided; rejects with the first error that is no refusal. */
export async function replay(rows: readonly LogRow[], running: Running): Promise<Replayed> {
  const { door, rules, concurrency, onRow } = running;
  const since = performance.now();
  const lives = new Map<string, TicketLife>();
  const turns = new Map<string, Promise<unknown>>();
  const tales: RowTale[] = [];
  const queue = rows[Symbol.iterator]();
  const work = async () => {
    // All workers share one iterator: rows are begun in the order of the log.
    for (const row of queue) {
      const life = lives.get(row.ticket) ?? new TicketLife(door, rules);
      lives.set(row.ticket, life);
      const turn = (turns.get(row.ticket) ?? Promise.resolve()).then(() => life.take(row));
      turns.set(row.ticket, turn);
      tales.push(await turn);
      onRow(tales.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { lives, tales, elapsedMs: performance.now() - since };
}
