/** Finds tickets that are due but not acted on: their life was ended by hand, is stuck, or never began. */
import type { Logger } from 'pino';
import type { Database } from '../models/database';
import { fewAtATime, unsettled } from './crowd';
import type { Lives } from './lives';
import { noTally, type Tally } from './tally';

export interface WatchdogDeps {
  readonly database: Database;
  readonly lives: Lives;
  readonly log: Logger;
  /** Keys of agenda entries that wait while their organization is suspended; absent: none do. */
  readonly waiting?: readonly string[];
  readonly tally?: Tally;
}

interface Overdue {
  readonly organization_id: string;
  readonly ticket_id: string;
  readonly next_due_at: Date;
}

const batch = 100;

/** Starts or wakes the lives of overdue tickets; how many it had to. Each is an alarm. */
export async function watch(deps: WatchdogDeps, graceSeconds = 60): Promise<number> {
  const overdue = await deps.database.unscoped<Overdue>(
    'select * from overdue_tickets($1, $2, $3)',
    [graceSeconds, batch, deps.waiting ?? []],
  );
  for (const row of overdue) await repair(deps, row, graceSeconds);
  return overdue.length;
}

/**
 * A round of a worker that has run for so many seconds; whether the next one is to follow at once. One
 * that has just begun leaves the lives the grace that deadlines have: after an outage each of them acts by
 * itself, and to wake them, too, is an alarm for nothing and a quarter more work (measured).
 */
export async function watchRound(
  look: () => Promise<number>,
  upSeconds: number,
  graceSeconds = 60,
): Promise<boolean> {
  if (upSeconds < graceSeconds) return false;
  return (await look()) >= batch;
}

async function repair(deps: WatchdogDeps, row: Overdue, graceSeconds: number): Promise<void> {
  const { organization_id: organizationId, ticket_id: ticketId } = row;
  await deps.database.once(
    organizationId,
    `update tickets set lease_until = now() + make_interval(secs => $3)
      where organization_id = $1 and id = $2`,
    [organizationId, ticketId, graceSeconds],
  );
  const living = await deps.lives.find(organizationId, ticketId);
  if (!living) return;
  const began = await deps.lives.start(living);
  if (!began) await deps.lives.signal(living, 'look', {});
  (deps.tally ?? noTally).repaired(began ? 'began' : 'woken');
  deps.log.error(
    { ticketId, number: living.ticket.number, dueAt: row.next_due_at, began },
    'watchdog repaired a life',
  );
}

const looksAtOnce = 4;

/** Once a day: every unsettled ticket lives, whether anything is due or not. How many did not. */
export async function watchAll(deps: WatchdogDeps): Promise<number> {
  const { database, lives, log, tally = noTally } = deps;
  let missing = 0;
  await fewAtATime(unsettled(database), looksAtOnce, async ({ organizationId, ticketId }) => {
    const living = await lives.find(organizationId, ticketId);
    if (!living || (await lives.isAlive(living)) || !(await lives.start(living))) return;
    missing += 1;
    tally.repaired('missing');
    log.error({ ticketId, number: living.ticket.number }, 'a ticket did not live');
  });
  return missing;
}
