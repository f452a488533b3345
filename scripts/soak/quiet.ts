/** Waits until an installation rests: nothing is owed to the engine, nothing is due. */
import { outboxState } from '../../engine/undelivered';
import type { Database } from '../../models/database';
import { messageOf } from '../stack/failure';
import { until } from '../stack/wait';
import type { Finding } from './check/evidence';

/** A row that nobody confirmed is sent again after 60 s, a sleeping life is woken after 75 s. */
const withinMs = 240_000;
/** What fell due less than this ago is being acted on. */
const graceSeconds = 5;

/** What the sweepers confirm in a second at the very least, on a machine that others use as well. */
const confirmedASecond = 50;

/** Nothing, or that it does not come to rest. Each message that is owed besides makes it wait longer. */
export async function quiet(database: Database, owed = 0): Promise<Finding[]> {
  const patienceMs = withinMs + (owed / confirmedASecond) * 1_000;
  const rests = async () => {
    const { waiting, setAside } = await outboxState(database);
    const overdue = await database.unscoped('select 1 from overdue_tickets($1, 1)', [graceSeconds]);
    return waiting + setAside + overdue.length === 0;
  };
  try {
    await until(rests, { what: 'Rest', withinMs: patienceMs, everyMs: 500 });
    return [];
  } catch (error) {
    return [
      { proof: 'it comes to rest after the last fault', ticket: 'all', detail: messageOf(error) },
    ];
  }
}
