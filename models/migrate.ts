/** Brings the tables to the present form: forward only, one starter at a time, all or nothing. */
import { createHash } from 'node:crypto';
import { QueryTypes, Sequelize, type Transaction } from 'sequelize';
import { Umzug } from 'umzug';
import { z } from 'zod';
import { migrations as released, type Migration } from './migrations/list';

/** Serialises starters: any number, but the same for all. */
const advisoryLock = 4_815_162_342;

/**
 * Runs what is pending as the owner of the tables; the names of the migrations that ran. Lock, tables and
 * record are one transaction of one connection: who is killed leaves nothing, and lets the next one go on.
 * Migrations that newer code ran are left alone. Throws when one that ran has been edited since.
 */
export async function migrate(
  ownerUrl: string,
  migrations: readonly Migration[] = released,
): Promise<string[]> {
  const sequelize = new Sequelize(ownerUrl, {
    dialect: 'postgres',
    logging: false,
    pool: { max: 1 },
  });
  try {
    return await sequelize.transaction(async (transaction) => {
      const ask = askIn(sequelize, transaction);
      await ask(`select pg_advisory_xact_lock(${advisoryLock})`);
      await prepareRecord(ask);
      await refuseEdited(ask, migrations);
      const ran = await umzugOf(ask, migrations).up();
      return ran.map(({ name }) => name);
    });
  } finally {
    await sequelize.close();
  }
}

type Ask = (sql: string, bind?: readonly string[]) => Promise<unknown>;

function askIn(sequelize: Sequelize, transaction: Transaction): Ask {
  return (sql, bind) =>
    sequelize.query(sql, {
      type: QueryTypes.SELECT,
      transaction,
      ...(bind ? { bind: [...bind] } : {}),
    });
}

/** Earlier releases kept names only. */
async function prepareRecord(ask: Ask): Promise<void> {
  await ask('create table if not exists migrations (name varchar(255) primary key)');
  await ask('alter table migrations add column if not exists checksum text');
}

/** A file that was edited after it ran says something else than the tables: nobody would notice. */
async function refuseEdited(ask: Ask, migrations: readonly Migration[]): Promise<void> {
  for (const { name, up } of migrations) {
    const checksum = checksumOf(up);
    await ask('update migrations set checksum = $2 where name = $1 and checksum is null', [
      name,
      checksum,
    ]);
    const edited = await ask('select 1 from migrations where name = $1 and checksum <> $2', [
      name,
      checksum,
    ]);
    if (!Array.isArray(edited) || edited.length === 0) continue;
    throw new Error(
      `The migration ${name} was edited after it ran on this database. Undo that, and write a new one.`,
    );
  }
}

const Names = z.array(z.object({ name: z.string() }));

function umzugOf(ask: Ask, migrations: readonly Migration[]): Umzug {
  return new Umzug({
    migrations: migrations.map(({ name, up }) => ({ name, up: () => ask(up) })),
    storage: {
      executed: async () =>
        Names.parse(await ask('select name from migrations order by name')).map(({ name }) => name),
      logMigration: async ({ name }) => {
        const up = migrations.find((one) => one.name === name)?.up ?? '';
        await ask('insert into migrations (name, checksum) values ($1, $2)', [
          name,
          checksumOf(up),
        ]);
      },
      unlogMigration: () => Promise.reject(new Error('Migrations go forward only')),
    },
    logger: undefined,
  });
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
