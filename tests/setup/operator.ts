/** An operator, who stands outside all organizations, for tests. */
import type { Doer } from '../../models/audit/record';
import { openDatabase, type Database } from '../../models/database';
import { createOrganization } from '../../models/organizations/create';
import { organizationIdOf } from '../../models/organizations/found';
import type { World } from '../harness';

export const olga: Doer = {
  actor: { kind: 'operator', name: 'Olga' },
  address: 'command line',
  requestId: 'the one',
};

/** A connection with the operator's role; `close` it. */
export function asOperator({ operatorUrl: url }: World): Promise<Database> {
  return openDatabase({
    ...{ url, poolMax: 2, applicationName: 'test', statementTimeoutMs: 5_000 },
  });
}

/** Makes an organization in the zone of Vienna. */
export function create(operator: Database, slug: string, email = `admin@${slug}.example`) {
  const administrator = { email, name: 'Ada', passwordHash: 'x', mustChangePassword: true };
  const wish = { slug, name: slug, timezone: 'Europe/Vienna', administrator };
  return operator.inOrganization(organizationIdOf(slug), (tx) =>
    createOrganization(tx, wish, olga),
  );
}

/** Tables whose rows are of an organization, by the catalog. */
export async function tenantTables(world: World): Promise<string[]> {
  const tables = await world.rows(
    `select c.relname as name from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  return tables.map(({ name }) => String(name));
}

/** Those of them that have rows of this one. */
export async function filledTables(world: World, organizationId: string): Promise<string[]> {
  const filled: string[] = [];
  for (const table of await tenantTables(world)) {
    const sql = `select 1 from ${table} where organization_id = $1 limit 1`;
    if ((await world.rows(sql, [organizationId])).length > 0) filled.push(table);
  }
  return filled;
}
