/**
 * The only way to a query. `inOrganization` is one transaction in which row-level security shows one
 * organization and nothing else; `unscoped` sees no tenant row at all and is there for the few
 * SECURITY DEFINER functions that work before or across organizations.
 */
import { QueryTypes, Sequelize, type Transaction } from 'sequelize';
import { Hopeless } from './hopeless';
import { toInstant, type Instant } from './instant';
import { poolUseOf, type PoolUse } from './pool-use';
import { initTables } from './tables';

/** An open transaction inside one organization. */
export interface Tx {
  readonly organizationId: string;
  readonly transaction: Transaction;
  /** When it began, by PostgreSQL's clock: the one clock that all processes share. */
  readonly now: Instant;
  /** Rows of one statement with `$1` binds; values never become part of the text. */
  rows<T extends object>(sql: string, bind?: readonly unknown[]): Promise<T[]>;
}

export interface Database {
  inOrganization<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
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
      sequelize.transaction(async (transaction) => {
        const now = await enter(sequelize, transaction, organizationId);
        return work(transactionOf(sequelize, transaction, organizationId, now));
      }),
    unscoped: (sql, bind = []) =>
      sequelize.query(sql, { bind: [...bind], type: QueryTypes.SELECT }),
    poolUse: () => poolUseOf(sequelize),
    close: () => sequelize.close(),
  };
}

/** Lets row-level security show one organization until the transaction ends. */
async function enter(
  sequelize: Sequelize,
  transaction: Transaction,
  organizationId: string,
): Promise<Instant> {
  const [row] = await sequelize.query<{ now: Date }>(
    `select set_config('app.organization', $1, true), clock_timestamp() as now`,
    { bind: [organizationId], type: QueryTypes.SELECT, transaction },
  );
  if (!row) throw new Error('PostgreSQL did not answer');
  return toInstant(row.now);
}

function transactionOf(
  sequelize: Sequelize,
  transaction: Transaction,
  organizationId: string,
  now: Instant,
): Tx {
  return {
    organizationId,
    transaction,
    now,
    rows: (sql, bind = []) =>
      sequelize.query(sql, { bind: [...bind], type: QueryTypes.SELECT, transaction }),
  };
}

function connect(options: DatabaseOptions): Sequelize {
  return new Sequelize(options.url, {
    dialect: 'postgres',
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
