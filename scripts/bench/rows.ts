/** The rows of one organization, as the owner of the tables: what no API of the product does. */
import { Client } from 'pg';

export interface Rows {
  /** Rows of one statement with `$1` binds. */
  readonly query: (sql: string, binds?: readonly unknown[]) => Promise<unknown[]>;
  readonly close: () => Promise<void>;
}

export async function openRows(ownerUrl: string, organizationId: string): Promise<Rows> {
  const client = new Client({ connectionString: ownerUrl });
  // A lost connection fails the next query; an event that nobody hears would end the bench.
  client.on('error', () => undefined);
  await client.connect();
  // The owner, too, is bound by row-level security.
  await client.query(`select set_config('app.organization', $1, false)`, [organizationId]);
  return {
    query: async (sql, binds = []) => (await client.query<object>(sql, [...binds])).rows,
    close: () => client.end(),
  };
}
