/** Finding few among many people: what the indexes that row-level security cannot use know of a text. */
import type { Tx } from '../../models/database';

/** Whoever has more than these is found sooner by walking through the list in its order. */
const mostFound = 2_000;
/** The index keeps groups of three letters or digits: without one it knows nothing. */
const group = /[\p{L}\p{N}]{3}/u;

/** Ids among which are all whose name, email, title or department has the text; undefined: too many. */
export async function peopleWith(tx: Tx, text: string): Promise<readonly string[] | undefined> {
  if (!group.test(text)) return undefined;
  const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const [found] = await tx.rows<{ ids: readonly string[] }>(
    'select array(select people_with($1, $2)) as ids',
    [part, mostFound + 1],
  );
  return found === undefined || found.ids.length > mostFound ? undefined : found.ids;
}
