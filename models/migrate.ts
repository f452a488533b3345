/** Brings the tables to the present form: forward only, one starter at a time. */
import { Sequelize, type QueryInterface } from 'sequelize';
import { SequelizeStorage, Umzug } from 'umzug';
import { migrations } from './migrations/list';

/** Serialises starters: any number, but the same for all. */
const advisoryLock = 4_815_162_342;

/** Runs what is pending as the owner of the tables; the names of the migrations that ran. */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const sequelize = new Sequelize(ownerUrl, {
    dialect: 'postgres',
    logging: false,
    pool: { max: 2 },
  });
  try {
    return await sequelize.transaction(async (transaction) => {
      // The lock goes with this transaction; the migrations run on the pool's second connection.
      await sequelize.query(`select pg_advisory_xact_lock(${advisoryLock})`, { transaction });
      const ran = await umzugOf(sequelize).up();
      return ran.map(({ name }) => name);
    });
  } finally {
    await sequelize.close();
  }
}

function umzugOf(sequelize: Sequelize): Umzug<QueryInterface> {
  return new Umzug({
    migrations: migrations.map(({ name, up }) => ({
      name,
      up: ({ context }) =>
        context.sequelize.transaction((transaction) =>
          context.sequelize.query(up, { transaction }),
        ),
    })),
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize, modelName: 'migrations', tableName: 'migrations' }),
    logger: undefined,
  });
}
