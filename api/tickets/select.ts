/** How tickets are read: the row with the names of what it refers to, narrowed to what one may see. */
import type { Database, Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { columnsOf } from '../../models/statement';
import { linkedSql } from '../../models/tickets/kernel/links';
import { storedOf, type Stored } from '../../models/tickets/kernel/store';
import { TicketRow } from '../../models/tickets/tables/ticket.table';
import type { ListSource } from '../http/list/page';
import type { Reference } from '../http/reference';
import { lastLook, sightOf, type Bind, type Sight, type Viewer } from './sight';

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
  readonly ticket: Reference & {
    readonly number: string;
    readonly type: string;
    readonly state: string;
    readonly isOpen: boolean;
  };
}

const linkJson = `jsonb_build_object('kind', l.kind, 'ticket', jsonb_build_object('id', x.id,
  'number', x.number, 'name', x.title, 'type', x.type, 'state', x.state, 'isOpen', x.is_open))`;

/** A ticket as read for somebody. */
export type Found = Stored & {
  readonly references: References;
  readonly links?: readonly Link[];
  /** False: it is confidential, and they see it as its requester or as a watcher only. */
  readonly isInside: boolean;
};

export type FoundRow = TicketRow['_attributes'] & {
  references: References;
  links?: Link[];
  isInside: boolean;
};

export function foundOf({ references, links: linked, isInside, ...row }: FoundRow): Found {
  return { ...storedOf(row), references, isInside, ...(linked && { links: linked }) };
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

/** Tickets of one type as far as they are visible: `$1` is the organization, `$2` the type. */
export function ticketSource({
  isVisible,
  isInside,
}: Pick<Sight, 'isVisible' | 'isInside'>): ListSource {
  return {
    select: `${columnsOf(TicketRow, 't')}, ${references}, ${isInside} as "isInside"`,
    from: 'tickets t',
    where: `t.organization_id = $1 and t.type = $2 and ${isVisible}`,
  };
}

/** With its links both ways, narrowed to tickets that the caller may read themselves. */
const linksSql = (isReadable: string) => `(select coalesce(jsonb_agg(${linkJson}
    order by x.number), '[]') from ${linkedSql('t.organization_id', 't.id')} l
    join tickets x on x.organization_id = t.organization_id and x.id = l.id
                  and ${isReadable}) as links`;

/** In an open transaction, if they may see it; what is not visible is not there. */
export async function selectTicket(tx: Tx, viewer: Viewer, idOrNumber: string): Promise<Found> {
  const { sql, binds } = queryOf(tx.organizationId, viewer, idOrNumber, sightOf);
  const [row] = await tx.rows<FoundRow>(sql, binds);
  if (!row) throw notThere(viewer.type);
  return foundOf(row);
}

/** The same by itself, in one round trip. */
export async function readTicket(
  database: Pick<Database, 'once'>,
  viewer: Viewer,
  idOrNumber: string,
): Promise<Found> {
  return readBy(database, viewer, idOrNumber, sightOf);
}

/** The one that they just opened, whether or not it is out of their sight by that. */
export async function selectOpened(tx: Tx, viewer: Viewer, id: string): Promise<Found> {
  const { sql, binds } = queryOf(tx.organizationId, viewer, id, lastLook);
  const [row] = await tx.rows<FoundRow>(sql, binds);
  if (!row) throw notThere(viewer.type);
  return foundOf(row);
}

/** The one that they just saw and acted on: who takes it out of their own sight is told what became of it. */
export async function readActedOn(
  database: Pick<Database, 'once'>,
  viewer: Viewer,
  id: string,
): Promise<Found> {
  return readBy(database, viewer, id, lastLook);
}

type Looking = (viewer: Viewer, bind: Bind) => Sight;

async function readBy(
  database: Pick<Database, 'once'>,
  viewer: Viewer,
  idOrNumber: string,
  looking: Looking,
): Promise<Found> {
  const { organizationId } = viewer.actor;
  const { sql, binds } = queryOf(organizationId, viewer, idOrNumber, looking);
  const [row] = await database.once<FoundRow>(organizationId, sql, binds);
  if (!row) throw notThere(viewer.type);
  return foundOf(row);
}

function queryOf(organizationId: string, viewer: Viewer, idOrNumber: string, looking: Looking) {
  const by = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrNumber)
    ? 't.id = $3::uuid'
    : 't.number = $3';
  const binds: unknown[] = [organizationId, viewer.type, idOrNumber];
  const bind: Bind = (value) => `$${binds.push(value)}`;
  const sight = looking(viewer, bind);
  const { select, from: tables, where } = ticketSource(sight);
  const links = linksSql(sight.isReadable('x'));
  return {
    sql: `select ${select}, ${links} from ${tables} where ${where ?? 'true'} and ${by}`,
    binds,
  };
}

function notThere(type: string): Refusal {
  return new Refusal('not_found', `There is no such ${type}.`);
}
