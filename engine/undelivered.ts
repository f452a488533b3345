/** Outbox rows that have not arrived: counted, listed, sent again. */
import type { Database } from '../models/database';
import { organizationsOf, type Organization } from '../models/tickets/kernel/named';

export interface OutboxState {
  readonly waiting: number;
  readonly setAside: number;
  /** Age of the oldest row that is not set aside. */
  readonly oldestSeconds: number;
}

export interface Undelivered {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly id: string;
  /** `acme/incident/INC0000042`; the id when the ticket is gone. */
  readonly ticket: string;
  readonly kind: 'start' | 'signal';
  readonly name: string;
  readonly attempts: number;
  readonly isSetAside: boolean;
  readonly lastError: string | null;
  readonly ageSeconds: number;
}

export async function outboxState(database: Database): Promise<OutboxState> {
  const [state] = await database.unscoped<OutboxState>(
    `select waiting, set_aside as "setAside", oldest_seconds as "oldestSeconds" from outbox_state()`,
  );
  if (!state) throw new Error('PostgreSQL did not answer');
  return state;
}

/** The oldest rows of all organizations, those that are set aside first; at most `limit`. */
export async function oldestRows(database: Database, limit: number): Promise<Undelivered[]> {
  const rows: Undelivered[] = [];
  for (const organization of await organizationsOf(database)) {
    rows.push(...(await rowsOf(database, organization, { where: 'true', bind: [], limit })));
  }
  return rows
    .sort((a, b) => Number(b.isSetAside) - Number(a.isSetAside) || b.ageSeconds - a.ageSeconds)
    .slice(0, limit);
}

/** Rows with this id that are set aside; several when several tickets have one. */
export async function setAsideRows(database: Database, rowId: string): Promise<Undelivered[]> {
  const rows: Undelivered[] = [];
  for (const organization of await organizationsOf(database)) {
    const where = 'o.set_aside_at is not null and o.id = $3';
    rows.push(...(await rowsOf(database, organization, { where, bind: [rowId], limit: 100 })));
  }
  return rows;
}

async function rowsOf(
  database: Database,
  { id: organizationId, slug }: Organization,
  { where, bind, limit }: { where: string; bind: readonly unknown[]; limit: number },
): Promise<Undelivered[]> {
  return database.inOrganization(organizationId, (tx) =>
    tx.rows<Undelivered>(
      `select o.organization_id as "organizationId", o.ticket_id as "ticketId", o.id, o.kind, o.name,
              o.attempts, o.set_aside_at is not null as "isSetAside", o.last_error as "lastError",
              extract(epoch from now() - o.created_at)::float8 as "ageSeconds",
              coalesce($2 || '/' || t.type || '/' || t.number, o.ticket_id::text) as ticket
         from engine_outbox o
         left join tickets t on t.organization_id = o.organization_id and t.id = o.ticket_id
        where o.organization_id = $1 and ${where}
        order by o.set_aside_at is null, o.created_at limit ${limit}`,
      [organizationId, slug, ...bind],
    ),
  );
}

type RowKey = Pick<Undelivered, 'organizationId' | 'ticketId' | 'id'>;

/** Takes one set-aside row up again, from its first try on; false when it is not set aside. */
export async function takeUp(database: Database, row: RowKey): Promise<boolean> {
  const taken = await database.inOrganization(row.organizationId, (tx) =>
    tx.rows(`${takingUp} and ticket_id = $2 and id = $3 returning id`, [
      row.organizationId,
      row.ticketId,
      row.id,
    ]),
  );
  return taken.length > 0;
}

/** Takes all set-aside rows up again; how many there were. */
export function takeUpAll(database: Database): Promise<number> {
  return everywhere(database, `${takingUp} returning id`);
}

const takingUp = `update engine_outbox
    set set_aside_at = null, attempts = 0, next_at = now(), lease_until = null
  where organization_id = $1 and set_aside_at is not null`;

/** Makes every waiting row due at once, those too that wait for a confirmation; how many waited. */
export function sendAgain(database: Database): Promise<number> {
  return everywhere(
    database,
    `update engine_outbox set next_at = now()
      where organization_id = $1 and set_aside_at is null and next_at > now() returning id`,
  );
}

async function everywhere(database: Database, sql: string): Promise<number> {
  let changed = 0;
  for (const { id } of await organizationsOf(database)) {
    const rows = await database.inOrganization(id, (tx) => tx.rows(sql, [id]));
    changed += rows.length;
  }
  return changed;
}
