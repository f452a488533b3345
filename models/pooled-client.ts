/** A connection to PostgreSQL as the pool of Sequelize needs it, which trusts it in two things too far. */
import { Client, types, type ClientConfig } from 'pg';

/** Read-only: the server was demoted, or is a standby. The same session may stay so for ever. */
const readOnly = '25006';

class PooledClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // Sequelize listens only once a connection is up; a server that ends it in that very moment would
    // end this process, because nobody listened.
    this.on('error', () => undefined);
    serverErrors(this).on('errorMessage', ({ code }) => {
      if (code === readOnly) retire(this);
    });
  }
}

interface ServerErrors {
  on(event: 'errorMessage', heard: (message: { readonly code?: string }) => void): unknown;
}

/** What the server says of an error; pg has it, its types do not. */
function serverErrors(client: object): ServerErrors {
  return (client as { connection: ServerErrors }).connection;
}

/** The mark by which Sequelize's pool knows what not to give out again. */
function retire(client: object): void {
  Object.assign(client, { _invalid: true });
}

/** For Sequelize's `dialectModule`. */
export const pooledPg = { Client: PooledClient, types };
