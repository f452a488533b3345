/** Which others a thing names: a list of ids on the way in, rows of a table between the two, references on the way out. */
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import { invalid } from '../../../models/errors';

export interface Links {
  /** The member of the input: `serviceIds`. */
  readonly field: string;
  /** Each row is one that is named, by one that names it. Never built from input. */
  readonly table: string;
  readonly owner: string;
  readonly named: 'service_id' | 'user_id';
}

/** The others, and who of them may be named. */
const others = {
  service_id: { table: 'services', isThere: 'true' },
  user_id: { table: 'users', isThere: 'is_active and not is_service' },
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** Throws invalid_input for an id that names nothing; keeps the rest from being deleted meanwhile. */
export async function refuseUnknown(tx: Tx, { field, named }: Links, input: Fields): Promise<void> {
  const ids = idsIn(input, field);
  if (ids === undefined || ids.length === 0) return;
  const { table, isThere } = others[named];
  const rows = await tx.rows<{ id: string }>(
    `select id from ${table} where organization_id = $1 and id = any($2::uuid[]) and ${isThere}
        for key share`,
    [tx.organizationId, ids],
  );
  const known = new Set(rows.map(({ id }) => id));
  const unknown = ids.findIndex((id) => !known.has(id));
  if (unknown !== -1)
    throw invalid(`/${field}/${unknown}`, 'is nothing that is there', 'not_found');
}

/** Makes what an input names the whole list; an input that says nothing of it leaves it as it is. */
export async function writeLinks(tx: Tx, links: Links, id: string, input: Fields): Promise<void> {
  const { field, table, owner, named } = links;
  const ids = idsIn(input, field);
  if (ids === undefined) return;
  await tx.rows(
    `delete from ${table}
      where organization_id = $1 and ${owner} = $2 and ${named} <> all($3::uuid[])`,
    [tx.organizationId, id, ids],
  );
  await tx.rows(
    `insert into ${table} (organization_id, ${owner}, ${named})
     select $1, $2, unnest($3::uuid[]) on conflict do nothing`,
    [tx.organizationId, id, ids],
  );
}

/** Select expression of references to those that the row behind this alias names, by name. */
export function linkedSql({ table, owner, named }: Links, alias: string): string {
  return `coalesce((
    select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name) order by o.name, o.id)
      from ${table} l
      join ${others[named].table} o on o.organization_id = l.organization_id and o.id = l.${named}
     where l.organization_id = ${alias}.organization_id and l.${owner} = ${alias}.id), '[]')`;
}

/** An input without its list: what the row itself keeps. */
export function withoutLinks({ field }: Links, input: Fields): Fields {
  return without(input, field);
}

/** For fields that are no columns of the table. */
export function without(input: Fields, field: string): Fields {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== field));
}

const Ids = z.array(z.uuid()).optional();

/** UUIDs as PostgreSQL writes them. */
function idsIn(input: Fields, field: string): string[] | undefined {
  return Ids.parse(input[field])?.map((id) => id.toLowerCase());
}
