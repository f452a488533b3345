/** Tickets that were resolved in a period, with their feeds and what stands around them: a batch at a time. */
import type { Tx } from '../database';
import { toInstant } from '../instant';
import { columnsOf } from '../statement';
import { storedOf } from '../tickets/kernel/store';
import { groundJson } from '../tickets/kernel/ground';
import type { Ground } from '../tickets/subject';
import { TicketRow } from '../tickets/tables/ticket.table';
import type { Ticket } from '../tickets/ticket';
import type { Line } from '../tickets/timeline';
import type { Watched } from '../tickets/changes';
import type { Cursor, SlaRun } from './rows';

type Row = TicketRow['_attributes'] & { readonly resolved: string };

export interface PastTicket {
  readonly ticket: Ticket;
  /** Lines that tell of a change or of clocks that moved, with the first one. */
  readonly lines: readonly Line[];
}

export interface Past {
  readonly tickets: readonly PastTicket[];
  /** Where the next batch begins; undefined: there is no more. */
  readonly cursor: Cursor | undefined;
}

const resolvedIn = `organization_id = $1 and type = $2 and resolved_at >= $3 and resolved_at < $4`;

type Period = Pick<SlaRun, 'ticketType' | 'periodFrom' | 'periodUntil'>;

function bindOf(tx: Tx, { ticketType, periodFrom, periodUntil }: Period): unknown[] {
  return [tx.organizationId, ticketType, periodFrom, periodUntil];
}

export async function countPast(tx: Tx, period: Period): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    `select count(*)::int as n from tickets where ${resolvedIn}`,
    bindOf(tx, period),
  );
  return row?.n ?? 0;
}

/** In the order in which they were resolved. */
export async function readPast(tx: Tx, run: SlaRun, howMany: number): Promise<Past> {
  const { at = '-infinity', id = '00000000-0000-0000-0000-000000000000' } = run.cursor ?? {};
  const rows = await tx.rows<Row>(
    `select ${columnsOf(TicketRow, 't')}, t.resolved_at::text as resolved from tickets t
      where ${resolvedIn} and (resolved_at, id) > ($5::timestamptz, $6::uuid)
      order by resolved_at, id limit $7`,
    [...bindOf(tx, run), at, id, howMany],
  );
  const feeds = await feedsOf(
    tx,
    rows.map((row) => row.id),
  );
  const last = rows.at(-1);
  return {
    tickets: rows.map((row) => ({ ticket: storedOf(row).ticket, lines: feeds.get(row.id) ?? [] })),
    cursor: last && { at: last.resolved, id: last.id },
  };
}

interface FeedRow {
  readonly ticketId: string;
  readonly at: Date;
  readonly changes: unknown;
  readonly hasMoved: boolean;
}

async function feedsOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Line[]>> {
  const rows = await tx.rows<FeedRow>(
    `select ticket_id as "ticketId", occurred_at as at, data->'changes' as changes,
            data ? 'clocks' as "hasMoved" from ticket_events
      where organization_id = $1 and ticket_id = any($2::uuid[]) and (version = 1 or data ?| '{changes,clocks}')
      order by ticket_id, version`,
    [tx.organizationId, ids],
  );
  const feeds = new Map<string, Line[]>(ids.map((id) => [id, []]));
  for (const { ticketId, at, changes, hasMoved } of rows) {
    // By which clocks moved is not asked: others may at the same moment.
    const data = { ...(changes !== null && { changes }), ...(hasMoved && { clocks: [] }) };
    feeds.get(ticketId)?.push({ at: toInstant(at), data });
  }
  return feeds;
}

interface GroundRow {
  readonly requesters: Readonly<Record<string, NonNullable<Ground['requester']>>>;
  readonly services: Readonly<Record<string, NonNullable<Ground['service']>>>;
  readonly teams: Readonly<Record<string, NonNullable<Ground['team']>>>;
}

/** What stands, or stood, around tickets at any moment of theirs: as it is today. */
export async function groundFor(
  tx: Tx,
  moments: readonly Watched[],
): Promise<(watched: Watched) => Ground> {
  const ids = (of: 'requesterId' | 'serviceId' | 'teamId') => [
    ...new Set(moments.flatMap((watched) => watched[of] ?? [])),
  ];
  const [row] = await tx.rows<GroundRow>(
    `select coalesce((select jsonb_object_agg(id, ${groundJson.requester})
               from users where organization_id = $1 and id = any($2::uuid[])), '{}') as requesters,
            coalesce((select jsonb_object_agg(id, ${groundJson.service})
               from services where organization_id = $1 and id = any($3::uuid[])), '{}') as services,
            coalesce((select jsonb_object_agg(id, ${groundJson.team})
               from teams where organization_id = $1 and id = any($4::uuid[])), '{}') as teams`,
    [tx.organizationId, ids('requesterId'), ids('serviceId'), ids('teamId')],
  );
  // Nobody has no id.
  return ({ requesterId, serviceId, teamId }) => ({
    requester: row?.requesters[requesterId] ?? null,
    service: row?.services[serviceId ?? ''] ?? null,
    team: row?.teams[teamId ?? ''] ?? null,
  });
}
