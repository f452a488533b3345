/** Prepares a PostgreSQL for Holdfast: the roles and the database. Needs a superuser, once. */
import { Client } from 'pg';

export interface Provisioning {
  readonly database: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
  /** Of the role that makes and ends organizations; without one nobody signs in as it. */
  readonly operatorPassword?: string;
}

/**
 * Creates (or brings up to date) the roles `holdfast_owner` (owns the tables, runs migrations),
 * `holdfast_app` (what API and worker connect as), `holdfast_operator` (makes and ends organizations) and
 * `holdfast_system` (owns the few functions that work across organizations; nobody signs in as it), and
 * the database. Safe to repeat.
 */
export async function provisionDatabase(
  adminUrl: string,
  options: Provisioning,
): Promise<{ ownerUrl: string; appUrl: string }> {
  await withClient(adminUrl, async (client) => {
    await ensureRole(client, 'holdfast_owner', options.ownerPassword);
    await ensureRole(client, 'holdfast_app', options.appPassword);
    await ensureRole(client, 'holdfast_operator', options.operatorPassword);
    await ensureRole(client, 'holdfast_system', undefined);
    await client.query('grant holdfast_system to holdfast_owner');
    await ensureDatabase(client, options.database);
  });
  await withClient(urlOf(adminUrl, options.database), async (client) => {
    await client.query('revoke create on schema public from public');
    await client.query(
      'grant usage on schema public to holdfast_app, holdfast_operator, holdfast_system',
    );
    await client.query('grant create on schema public to holdfast_owner, holdfast_system');
    await admitOperator(client);
  });
  return {
    ownerUrl: urlOf(adminUrl, options.database, ['holdfast_owner', options.ownerPassword]),
    appUrl: urlOf(adminUrl, options.database, ['holdfast_app', options.appPassword]),
  };
}

/** One connection for one piece of work, past the pool and the walls of tenants. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // A connection that breaks outside a query reports it here; the query that follows fails loudly.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: Client, name: string, password: string | undefined) {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create role ${client.escapeIdentifier(name)}`);
  if (password === undefined) return;
  await client.query(
    `alter role ${client.escapeIdentifier(name)} login nosuperuser nobypassrls password ${client.escapeLiteral(password)}`,
  );
}

/** Tables that are older than the role; those of a new database are granted when they are made. */
async function admitOperator(client: Client): Promise<void> {
  const found = await client.query<{ there: boolean }>(
    `select to_regprocedure('public.admit_operator()') is not null as there`,
  );
  if (found.rows[0]?.there === true) await client.query('select public.admit_operator()');
}

async function ensureDatabase(client: Client, database: string): Promise<void> {
  const found = await client.query('select 1 from pg_database where datname = $1', [database]);
  if (found.rowCount !== 0) return;
  await client.query(`create database ${client.escapeIdentifier(database)} owner holdfast_owner`);
}

/** The address of another database of that server, as another role if one is given. */
export function urlOf(
  adminUrl: string,
  database: string,
  login?: [user: string, password: string],
) {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (login) {
    url.username = login[0];
    url.password = encodeURIComponent(login[1]);
  }
  return url.toString();
}
