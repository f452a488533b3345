/** After the language of an organization changed: its tickets get words of the new one, a few at a time. */
import type { Database } from '../database';

/** Well within the bound of a statement in a worker. */
const atOnce = 200;

/** Whether there may be more. Until all are done, words of both languages are found. */
export async function refreshTexts(database: Pick<Database, 'unscoped'>): Promise<boolean> {
  const [round] = await database.unscoped<{ done: number }>(
    'select refresh_ticket_texts($1) as done',
    [atOnce],
  );
  return round !== undefined && round.done > 0;
}
