/** Calendars of teams. Versions are never edited, so what was read once is right for ever. */
import type { Tx } from '../database';
import type { Calendar } from '../sla/calendar';
import type { CalendarName } from './ground';

const known = new Map<string, Calendar>();
const mostKept = 500;

/** The same object for the same version, so that its hours are worked out once. */
export async function calendarOf(tx: Tx, { id, version }: CalendarName): Promise<Calendar> {
  const key = `${tx.organizationId}/${id}/${version}`;
  const found = known.get(key);
  if (found) return found;
  const [row] = await tx.rows<{ definition: Calendar }>(
    'select definition from calendars where organization_id = $1 and id = $2 and version = $3',
    [tx.organizationId, id, version],
  );
  if (!row) throw new Error(`Calendar ${id} has no version ${version}`);
  if (known.size >= mostKept) known.clear();
  known.set(key, row.definition);
  return row.definition;
}
