/**
 * Carries what committed rows owe the engine. The writer tries at once; the sweeper of each worker takes
 * the rest. The network is never called inside a transaction: a lease in the row keeps two away.
 */
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { holdfast, type Denied, type Fact } from '../models/tickets/fact';
import { readOutcome, recordRefusal } from '../models/tickets/kernel/outcome';
import type { Database } from '../models/database';
import { hearByRow, isHeardByRow, type ByRowDeps, type OwedMessage } from './by-row';
import { isEngineAway } from './client';
import type { Lives } from './lives';
import { noTally, type Tally } from './tally';

export interface OutboxDeps extends ByRowDeps {
  readonly lives: Lives;
  readonly log: Logger;
  readonly tally?: Tally;
}

interface Row {
  readonly organization_id: string;
  readonly ticket_id: string;
  readonly id: string;
  readonly kind: 'start' | 'signal';
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

const batch = 50;
/** No order is promised, and each of them waits for the engine. */
const carriedAtOnce = 8;
const leaseSeconds = 15;
/** Tries with growing pauses; after that a row waits for people (`npm run ops -- outbox`). */
const triesBeforeAside = 40;

/** Delivers everything that is due; the number of rows that it took. */
export async function sweepOutbox(deps: OutboxDeps): Promise<number> {
  const rows = await deps.database.unscoped<Row>('select * from claim_outbox($1, $2)', [
    batch,
    leaseSeconds,
  ]);
  const carrying = pLimit(carriedAtOnce);
  await Promise.all(rows.map((row) => carrying(() => carry(deps, row))));
  return rows.length;
}

async function carry(deps: OutboxDeps, row: Row): Promise<void> {
  const { carried } = deps.tally ?? noTally;
  try {
    const isDone = await deliver(deps, row);
    await (isDone ? forget(deps.database, row) : later(deps.database, row, 60, null));
    carried(isDone ? 'done' : 'unconfirmed');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.log.warn(
      { ticketId: row.ticket_id, id: row.id, attempts: row.attempts, reason },
      'not delivered',
    );
    // However long the engine is away, nothing is wrong with the row.
    if (row.attempts >= triesBeforeAside && !isEngineAway(error)) {
      deps.log.error({ ticketId: row.ticket_id, id: row.id, reason }, 'outbox row set aside');
      await setAside(deps.database, row, reason);
      carried('setAside');
      return;
    }
    carried('failed');
    await later(deps.database, row, Math.min(2 ** Math.min(row.attempts, 6) * 0.25, 60), reason);
  }
}

/** True when it need not be sent again: a life was seen, or the target's feed has the cause. */
async function deliver(deps: OutboxDeps, row: Row): Promise<boolean> {
  const { database, lives } = deps;
  const living = await lives.find(row.organization_id, row.ticket_id);
  if (!living) return true;
  if (row.kind === 'start') {
    await lives.start(living);
    return true;
  }
  if (row.name !== 'look' && (await hasArrived(database, row))) return true;
  if (isHeardByRow(row)) {
    await hearByRow(deps, living.ticket.type, messageOf(row));
    return true;
  }
  if (row.name !== 'look' && living.view.settled) {
    await refuseLate(database, row, living.ticket.state);
    return true;
  }
  await lives.signal(living, row.name, row.name === 'look' ? {} : envelope(row));
  return row.name === 'look';
}

function messageOf({ organization_id: organizationId, ticket_id: ticketId, id, payload }: Row) {
  return { organizationId, ticketId, id, payload } satisfies OwedMessage;
}

/** Its life is over, so nobody will take the message: that is its outcome, kept by its cause. */
async function refuseLate(database: Database, row: Row, state: string): Promise<void> {
  const { id: cause, ticket_id: ticketId, payload } = row;
  const message = `The ticket is ${state} and takes no messages any more.`;
  const denied: Denied = {
    kind: 'refused',
    code: 'invalid_transition',
    message,
    details: { state },
  };
  const fact: Fact = {
    cause,
    name: textOr(payload['name'], row.name),
    input: payload['input'] ?? {},
    actor: holdfast,
    via: 'api',
    occurredAt: textOr(payload['occurredAt'], ''),
  };
  await database.inOrganization(row.organization_id, (tx) =>
    recordRefusal(tx, ticketId, fact, denied),
  );
}

function textOr(given: unknown, otherwise: string): string {
  return typeof given === 'string' ? given : otherwise;
}

function envelope(row: Row): Readonly<Record<string, unknown>> {
  return { ...row.payload, cause: row.id, ticketId: row.ticket_id };
}

async function hasArrived(database: Database, row: Row): Promise<boolean> {
  const { organization_id: organizationId, ticket_id: ticketId, id: cause } = row;
  const outcome = await readOutcome(database, organizationId, { ticketId, cause });
  return outcome !== undefined;
}

type Key = Pick<Row, 'organization_id' | 'ticket_id' | 'id'>;

const keyed = 'organization_id = $1 and ticket_id = $2 and id = $3';

async function forget(database: Database, row: Key): Promise<void> {
  await change(database, row, `delete from engine_outbox where ${keyed}`, []);
}

/** Of a message whose outcome was seen: nobody sends it again. */
export function forgetArrived(
  database: Database,
  { organizationId, ticketId, id }: Owed,
): Promise<void> {
  return forget(database, { organization_id: organizationId, ticket_id: ticketId, id });
}

async function later(database: Database, row: Key, seconds: number, reason: string | null) {
  await change(
    database,
    row,
    `update engine_outbox set lease_until = null, last_error = $5,
            next_at = now() + make_interval(secs => $4) where ${keyed}`,
    [seconds, reason],
  );
}

async function setAside(database: Database, row: Key, reason: string): Promise<void> {
  const sql = `update engine_outbox set set_aside_at = now(), last_error = $4 where ${keyed}`;
  await change(database, row, sql, [reason]);
}

async function change(database: Database, row: Key, sql: string, bind: readonly unknown[]) {
  const key = [row.organization_id, row.ticket_id, row.id];
  await database.once(row.organization_id, sql, [...key, ...bind]);
}

/** A row that was written for a ticket. */
export interface Owed {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly id: string;
}

/** The writer's own try, right after its commit; what fails is left to the sweeper. */
export async function deliverNow(
  deps: OutboxDeps,
  owed: Owed,
  send: () => Promise<unknown>,
): Promise<void> {
  const key = { organization_id: owed.organizationId, ticket_id: owed.ticketId, id: owed.id };
  try {
    await send();
    await forget(deps.database, key);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.log.warn({ ticketId: owed.ticketId, id: owed.id, reason }, 'left to the outbox');
  }
}
