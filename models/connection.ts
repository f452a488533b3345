/**
 * One connection to PostgreSQL for as long as one transaction takes. Statements are prepared once a
 * connection, and those that are given in one turn of the event loop travel in one packet: on the way
 * of a request round trips and planning cost more than the work itself (docs/benchmarks.md).
 */
import type { Sequelize } from 'sequelize';

/** What we use of pg's client; Sequelize's types do not show it. */
interface Client {
  pipeline: boolean;
  readonly connection: { readonly stream: { cork(): void; uncork(): void } };
  query(statement: {
    readonly text: string;
    readonly name?: string;
    readonly values?: readonly unknown[];
  }): Promise<{ readonly command: string; readonly rows: object[] }>;
}

export interface Connection {
  /** Sends one statement; several may be under way and are answered in order. */
  send(text: string, bind?: readonly unknown[]): Promise<{ command: string; rows: object[] }>;
  /** As `send`, for a text that is made for one call: of those only the first few are prepared. */
  sendOnce(text: string, bind?: readonly unknown[]): Promise<{ command: string; rows: object[] }>;
}

/** Runs work on a connection of the pool; one on which the driver met an error is not used again. */
export async function onConnection<T>(
  sequelize: Sequelize,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { connectionManager } = sequelize;
  const client = clientOf(await connectionManager.getConnection({ type: 'write' }));
  client.pipeline = true;
  const health: { failure?: unknown } = {};
  const submit = (statement: Parameters<Client['query']>[0]) => {
    holdUntilTurnEnds(client);
    return client.query(statement).catch((error: unknown) => {
      health.failure ??= error;
      // It failed only because one before it did, and says nothing of why.
      throw isAborted(error) ? health.failure : error;
    });
  };
  try {
    return await work({
      send: (text, bind = []) => submit({ text, name: nameOf(text), values: bind.map(withoutNul) }),
      sendOnce: (text, bind = []) => {
        const name = bind.length === 0 ? undefined : nameIfRoom(text);
        return submit({ text, values: bind.map(withoutNul), ...(name && { name }) });
      },
    });
  } finally {
    if (health.failure === undefined) connectionManager.releaseConnection(client);
    else await connectionManager.destroyConnection(client);
  }
}

/** PostgreSQL refuses what travelled behind a statement that failed: in_failed_sql_transaction. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25P02';
}

/** Everything that is sent in this turn leaves together. */
function holdUntilTurnEnds({ connection: { stream } }: Client): void {
  stream.cork();
  process.nextTick(() => {
    stream.uncork();
  });
}

const names = new Map<string, string>();

/** A short name for a text that is the same in every call. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `s${names.size + 1}`;
  names.set(text, name);
  return name;
}

/** Each prepared statement holds memory in each connection, and filters can be combined without end. */
const mostMadeTexts = 50;
const madeNames = new Map<string, string>();

function nameIfRoom(text: string): string | undefined {
  const known = madeNames.get(text);
  if (known !== undefined || madeNames.size >= mostMadeTexts) return known;
  const name = `m${madeNames.size + 1}`;
  madeNames.set(text, name);
  return name;
}

/** No text of PostgreSQL can hold NUL; it is shown as it would be typed. */
function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\\0') : value;
}

/** Sequelize with the dialect postgres gives pg's clients. */
function clientOf(connection: object): Client {
  return connection as Client;
}
