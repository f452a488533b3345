/** What became of a fact, remembered by its cause: whoever asks again hears the same. */
import type { Database, Tx } from '../../database';
import type { ErrorCode } from '../../errors';
import { insertRow } from '../../statement';
import type { Denied, Fact, Outcome } from '../fact';
import { RefusalRow } from '../tables/refusal.table';

interface OutcomeRow {
  kind: 'applied' | 'refused' | 'failed';
  version: number | null;
  code: ErrorCode | null;
  message: string | null;
  details: Readonly<Record<string, unknown>> | null;
}

/** The outcome recorded for a cause on a ticket, or undefined when it has not happened. */
export async function recordedOutcome(
  tx: Tx,
  ticketId: string,
  cause: string,
): Promise<Outcome | undefined> {
  const [row] = await tx.rows<OutcomeRow>(outcomeSql, [tx.organizationId, cause, ticketId]);
  return outcomeOf(row);
}

/** The same by itself, in one round trip. */
export async function readOutcome(
  database: Pick<Database, 'once'>,
  organizationId: string,
  { ticketId, cause }: { readonly ticketId: string; readonly cause: string },
): Promise<Outcome | undefined> {
  const binds = [organizationId, cause, ticketId];
  const [row] = await database.once<OutcomeRow>(organizationId, outcomeSql, binds);
  return outcomeOf(row);
}

const outcomeSql = `
  select 'applied' as kind, version, null as code, null as message, null::jsonb as details
    from ticket_events where organization_id = $1 and cause = $2 and ticket_id = $3
   union all
  select outcome, null, code, message, details
    from ticket_refusals
   where organization_id = $1 and cause = $2 and ticket_id = $3 and retried_at is null
   limit 1`;

function outcomeOf(row: OutcomeRow | undefined): Outcome | undefined {
  if (!row) return undefined;
  if (row.kind === 'applied') return { kind: 'applied', version: row.version ?? 0 };
  return {
    kind: row.kind,
    code: row.code ?? 'internal',
    message: row.message ?? '',
    details: row.details ?? {},
  };
}

export async function recordRefusal(
  tx: Tx,
  ticketId: string,
  fact: Fact,
  denied: Denied,
): Promise<void> {
  const row = {
    organizationId: tx.organizationId,
    ticketId,
    cause: fact.cause,
    outcome: denied.kind,
    name: fact.name,
    code: denied.code,
    message: denied.message,
    details: storable(denied.details),
    fact: storable(fact),
    retriedAt: null,
  };
  await insertRow(tx, RefusalRow, row, {
    onDuplicate: {
      key: ['organizationId', 'ticketId', 'cause'],
      set: ['outcome', 'code', 'message', 'details', 'retriedAt'],
    },
  });
}

/** Without what no jsonb can hold: NUL and halves of characters, which rubbish may contain. */
function storable<T>(value: T): T {
  const unstorable = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;
  return JSON.parse(JSON.stringify(value).replace(unstorable, '$1\\ufffd')) as T;
}
