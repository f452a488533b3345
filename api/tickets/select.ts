/** How tickets are read: the row with the names of what it refers to, narrowed to what one may see. */
import { z } from 'zod';
import type { Database, Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { columnsOf } from '../../models/statement';
import { storedOf, type Stored } from '../../models/tickets/kernel/store';
import { TicketRow } from '../../models/tickets/tables/ticket.table';
import type { Ability } from '../../models/users/ability';
import type { ListSource } from '../http/list/page';
import type { Reference } from '../http/reference';

export interface References {
  readonly requester: Reference;
  readonly openedBy: Reference;
  readonly assignee: Reference | null;
  readonly team: Reference | null;
  readonly service: Reference | null;
  readonly category: Reference | null;
  /** Whose answer it waits for; null: nobody's. */
  readonly awaited: readonly Reference[] | null;
}

/** Another ticket that this one belongs to, or that belongs to this one. */
export interface Link {
  readonly kind: string;
  readonly ticket: Reference & { readonly number: string };
}

/** A ticket as read for somebody. */
export type Found = Stored & { readonly references: References; readonly links?: readonly Link[] };

export type FoundRow = TicketRow['_attributes'] & { references: References; links?: Link[] };

export function foundOf({ references, links: linked, ...row }: FoundRow): Found {
  return { ...storedOf(row), references, ...(linked && { links: linked }) };
}

/** Looked up for the rows that are shown only: as joins, planning them took longer than finding the page. */
const nameOf = (table: string, column: string) =>
  `(select jsonb_build_object('id', x.id, 'name', x.name) from ${table} x
     where x.organization_id = t.organization_id and x.id = t.${column})`;

const awaited = `(select jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.name, x.id)
  from users x where x.organization_id = t.organization_id and x.id = any(t.awaited_ids))`;

const references = `jsonb_build_object('requester', ${nameOf('users', 'requester_id')},
  'openedBy', ${nameOf('users', 'opened_by_id')}, 'assignee', ${nameOf('users', 'assignee_id')},
  'team', ${nameOf('teams', 'team_id')}, 'service', ${nameOf('services', 'service_id')},
  'category', ${nameOf('categories', 'category_id')}, 'awaited', ${awaited}) as "references"`;

/** Tickets of one type; `where` must narrow to the organization: `$1` is its id, `$2` the type. */
export function ticketSource(where: string): ListSource {
  return {
    select: `${columnsOf(TicketRow, 't')}, ${references}`,
    from: 'tickets t',
    where: `t.organization_id = $1 and t.type = $2 and ${where}`,
  };
}

/** With its links both ways, narrowed to the same requester: whoever sees this may know of those. */
const links = `(select coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'ticket',
      jsonb_build_object('id', x.id, 'number', x.number, 'name', x.title)) order by x.number), '[]')
    from (select kind, other_id as id from ticket_links
           where organization_id = t.organization_id and ticket_id = t.id
          union all
          select regexp_replace(kind, 'Of$', ''), ticket_id from ticket_links
           where organization_id = t.organization_id and other_id = t.id) l
    join tickets x on x.organization_id = t.organization_id and x.id = l.id
                  and x.requester_id = t.requester_id) as links`;

/** Which ticket, by id or by number, for whom. */
export interface Sought {
  readonly organizationId: string;
  readonly ability: Ability;
  readonly type: string;
  readonly idOrNumber: string;
}

/** In an open transaction, if this ability may see it; what is not visible is not there. */
export async function selectTicket(
  tx: Tx,
  ability: Ability,
  type: string,
  idOrNumber: string,
): Promise<Found> {
  const { organizationId } = tx;
  const { sql, binds } = queryOf({ organizationId, ability, type, idOrNumber });
  const [row] = await tx.rows<FoundRow>(sql, binds);
  if (!row) throw notThere(type);
  return foundOf(row);
}

/** The same by itself, in one round trip. */
export async function readTicket(database: Pick<Database, 'once'>, sought: Sought): Promise<Found> {
  const { sql, binds } = queryOf(sought);
  const [row] = await database.once<FoundRow>(sought.organizationId, sql, binds);
  if (!row) throw notThere(sought.type);
  return foundOf(row);
}

function queryOf({ organizationId, ability, type, idOrNumber }: Sought) {
  const by = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrNumber)
    ? 't.id = $3::uuid'
    : 't.number = $3';
  const binds: unknown[] = [organizationId, type, idOrNumber];
  const visible = visibleSql(ability, type, (value) => `$${binds.push(value)}`);
  const { select, from: tables, where } = ticketSource(`${by} and ${visible}`);
  return { sql: `select ${select}, ${links} from ${tables} where ${where ?? 'true'}`, binds };
}

function notThere(type: string): Refusal {
  return new Refusal('not_found', `There is no such ${type}.`);
}

const inList = z.object({ $in: z.array(z.uuid()) });

const fieldSql: Readonly<Record<string, (value: string) => string>> = {
  requesterId: (value) => `t.requester_id = ${value}::uuid`,
  openedById: (value) => `t.opened_by_id = ${value}::uuid`,
  watcherIds: (value) => `${value}::uuid = any(t.watcher_ids)`,
  awaitedIds: (value) => `t.awaited_ids && ${value}::uuid[]`,
};

/** The reading rules of an ability as SQL; the same rules that decide a single read. */
export function visibleSql(
  ability: Ability,
  type: string,
  bind: (value: unknown) => string,
): string {
  const rules = ability.rulesFor('read', type);
  if (rules.some(({ conditions }) => conditions === undefined)) return 'true';
  const parts = rules.flatMap(({ conditions }) =>
    Object.entries(conditions ?? {}).map(([field, value]) => {
      const sql = fieldSql[field];
      if (!sql) throw new Error(`A reading rule names ${field}, which lists cannot narrow by`);
      return sql(bind(inList.safeParse(value).data?.$in ?? value));
    }),
  );
  return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`;
}
