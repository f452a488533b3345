/** The rows of the bare engine: one for each step, by one INSERT in a transaction of its own. */
import { Client, Pool } from 'pg';

export interface Steps {
  write(lifeId: string): Promise<void>;
  close(): Promise<void>;
}

/** As the application role, with as many connections as a service has. */
export function openSteps({ url, poolMax }: { url: string; poolMax: number }): Steps {
  const pool = new Pool({ connectionString: url, max: poolMax });
  // A lost connection fails the next query; an event that nobody hears would end the process.
  pool.on('error', () => undefined);
  return {
    write: async (lifeId) => {
      await pool.query({
        name: 'step',
        text: 'insert into bare.steps (life_id) values ($1)',
        values: [lifeId],
      });
    },
    close: () => pool.end(),
  };
}

/** The table, in a schema of its own; `ownerUrl` is that of the owner of all tables. */
export async function createSteps(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`
      create schema bare;
      create table bare.steps (
        id bigint generated always as identity primary key,
        life_id text not null,
        at timestamptz not null default clock_timestamp()
      );
      grant usage on schema bare to holdfast_app;
      grant insert on bare.steps to holdfast_app;`);
  } finally {
    await client.end();
  }
}
