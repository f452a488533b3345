/**
 * The only way to a query. `inOrganization` is one transaction in which row-level security shows one
 * organization and nothing else; `unscoped` sees no tenant row at all and is there for the few
 * SECURITY DEFINER functions that work before or across organizations.
 */
import { QueryTypes, Sequelize } from 'sequelize';
import { type Connection, onConnection } from './connection';
import { Hopeless } from './hopeless';
import { toInstant, type Instant } from './instant';
import { poolUseOf, type PoolUse } from './pool-use';
import { pooledPg } from './pooled-client';
import { initTables } from './tables';

/** An open transaction inside one organization. */
export interface Tx {
  readonly organizationId: string;
  /** When it began, by PostgreSQL's clock: the one clock that all processes share. */
  now(): Promise<Instant>;
  /**
   * Rows of one statement with `$1` binds; values never become part of the text. The text is one of a
   * fixed number: it is prepared once a connection. Statements that are not awaited one by one travel
   * together and are carried out in order.
   */
  rows<T extends object>(sql: string, bind?: readonly unknown[]): Promise<T[]>;
  /** As `rows`, for a text that is made for this one call, such as that of a filtered list. */
  rowsOf<T extends object>(sql: string, bind?: readonly unknown[]): Promise<T[]>;
}

export interface Database {
  inOrganization<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As `inOrganization`, reading only, and all of it as it was at the first statement. */
  inSnapshot<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of one statement, in one round trip. */
  once<T extends object>(
    organizationId: string,
    sql: string,
    bind?: readonly unknown[],
  ): Promise<T[]>;
  unscoped<T extends object>(sql: string, bind?: readonly unknown[]): Promise<T[]>;
  /** How busy its connections are. */
  poolUse(): PoolUse;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  /** Shown in pg_stat_activity: which process holds a connection. */
  readonly applicationName: string;
  /** How long a transaction waits for a free connection; default 5 s. */
  readonly acquireTimeoutMs?: number;
  /** A statement that takes longer is ended by the server. */
  readonly statementTimeoutMs: number;
}

/** Opens the pool and checks that the role is bound by row-level security; throws when it is not. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const sequelize = connect(options);
  initTables(sequelize);
  await refuseUnboundRole(sequelize);
  return {
    inOrganization: (organizationId, work) =>
      onConnection(sequelize, (connection) => transaction(connection, organizationId, work)),
    inSnapshot: (organizationId, work) =>
      onConnection(sequelize, (connection) =>
        transaction(
          connection,
          organizationId,
          work,
          'begin isolation level repeatable read read only',
        ),
      ),
    once: <T extends object>(organizationId: string, sql: string, bind?: readonly unknown[]) =>
      onConnection(sequelize, async (connection) => {
        const [, { rows }] = await Promise.all([
          enter(connection, organizationId),
          connection.send(sql, bind),
          connection.sendOnce('commit'),
        ]);
        return rowsAs<T>(rows);
      }),
    unscoped: (sql, bind = []) =>
      sequelize.query(sql, { bind: [...bind], type: QueryTypes.SELECT }),
    poolUse: () => poolUseOf(sequelize),
    close: () => sequelize.close(),
  };
}

/** Begins, works, and commits; whatever is thrown on the way undoes all of it. */
async function transaction<T>(
  connection: Connection,
  organizationId: string,
  work: (tx: Tx) => Promise<T>,
  begin = 'begin',
): Promise<T> {
  // Not awaited: it travels with the first statement of the work.
  const entered = enter(connection, organizationId, begin);
  const { tx, end } = transactionOf(connection, organizationId, entered);
  try {
    const [result] = await Promise.all([work(tx), entered]);
    end();
    const { command } = await connection.sendOnce('commit');
    // PostgreSQL answers something else when a statement failed on the way and nobody minded.
    if (command !== 'COMMIT') throw new Error('A statement failed, so nothing was committed');
    return result;
  } catch (error) {
    end();
    // An error here says no more than the one that led here; the connection is given up then.
    await connection.sendOnce('rollback').catch(() => undefined);
    throw error;
  }
}

/** Lets row-level security show one organization until the transaction ends. */
async function enter(
  connection: Connection,
  organizationId: string,
  begin = 'begin',
): Promise<Instant> {
  const [, { rows }] = await Promise.all([
    connection.sendOnce(begin),
    connection.send(`select set_config('app.organization', $1, true), clock_timestamp() as now`, [
      organizationId,
    ]),
  ]);
  const [row] = rowsAs<{ now: Date }>(rows);
  if (!row) throw new Error('PostgreSQL did not answer');
  return toInstant(row.now);
}

function transactionOf(
  connection: Connection,
  organizationId: string,
  entered: Promise<Instant>,
): { tx: Tx; end: () => void } {
  let isOver = false;
  // Work that goes on beside what failed must not write into the next transaction.
  const refuseWhenOver = () => {
    if (isOver) throw new Error('The transaction is over');
  };
  const tx: Tx = {
    organizationId,
    now: () => entered,
    rows: async <T extends object>(sql: string, bind?: readonly unknown[]) => {
      refuseWhenOver();
      return rowsAs<T>((await connection.send(sql, bind)).rows);
    },
    rowsOf: async <T extends object>(sql: string, bind?: readonly unknown[]) => {
      refuseWhenOver();
      return rowsAs<T>((await connection.sendOnce(sql, bind)).rows);
    },
  };
  return {
    tx,
    end: () => {
      isOver = true;
    },
  };
}

/** Whoever writes a statement says what its rows look like. */
function rowsAs<T extends object>(rows: object[]): T[] {
  return rows as T[];
}

function connect(options: DatabaseOptions): Sequelize {
  return new Sequelize(options.url, {
    dialect: 'postgres',
    dialectModule: pooledPg,
    logging: false,
    minifyAliases: true,
    pool: {
      max: options.poolMax,
      min: 1,
      acquire: options.acquireTimeoutMs ?? 5_000,
      idle: 30_000,
    },
    dialectOptions: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs,
      lock_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
    },
  });
}

interface RoleRow {
  name: string;
  bypasses: boolean;
  owns: number;
}

/** A superuser, a BYPASSRLS role or an owner would make every policy void, silently. */
async function refuseUnboundRole(sequelize: Sequelize): Promise<void> {
  const [role] = await sequelize.query<RoleRow>(
    `select rolname as name, rolsuper or rolbypassrls as bypasses,
            (select count(*)::int from pg_class c where c.relowner = r.oid and c.relkind = 'r') as owns
       from pg_roles r where rolname = current_user`,
    { type: QueryTypes.SELECT },
  );
  if (role === undefined || role.bypasses || role.owns > 0) {
    await sequelize.close();
    throw new Hopeless(
      `The database role ${role?.name ?? '(unknown)'} is not bound by row-level security: ` +
        'use a role that is no superuser, has no BYPASSRLS and owns no table (holdfast_app).',
    );
  }
}
