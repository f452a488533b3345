/**
 * Brings a database to the present form and ends: the one-shot job of a cluster, before API and worker.
 * DATABASE_OWNER_URL names the owner of the tables. With `--admin-url` (a superuser of that server)
 * the roles and the database are made first, with the passwords of DATABASE_OWNER_URL, DATABASE_URL and,
 * where it is set, DATABASE_OPERATOR_URL.
 * Safe to repeat, also by several at once. `npm start` does the same by itself.
 * `--roles-only` leaves the database empty: for pg_restore, which brings the tables along.
 */
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../config';
import { migrate } from '../models/migrate';
import { provisionDatabase, type Provisioning } from '../models/provision';

interface Wish {
  readonly adminUrl: string | undefined;
  readonly ownerUrl: string;
  readonly appUrl: string | undefined;
  readonly operatorUrl: string | undefined;
  readonly rolesOnly: boolean;
}

void main();

async function main(): Promise<void> {
  try {
    const wish = read();
    if (wish.adminUrl !== undefined) {
      await provisionDatabase(wish.adminUrl, provisioningOf(wish));
      console.log('Roles and database are in place');
      if (wish.rolesOnly) return;
    }
    const ran = await migrate(wish.ownerUrl);
    console.log(ran.length === 0 ? 'The tables are up to date' : `Ran ${ran.join(', ')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

function read(): Wish {
  const { values } = parseArgs({
    options: { 'admin-url': { type: 'string' }, 'roles-only': { type: 'boolean', default: false } },
  });
  const { url, ownerUrl, operatorUrl } = readConfig().database;
  if (ownerUrl === undefined) {
    throw new ConfigError('DATABASE_OWNER_URL is not set: migrations run as the owner.');
  }
  const { 'admin-url': adminUrl, 'roles-only': rolesOnly } = values;
  if (rolesOnly && adminUrl === undefined) {
    throw new ConfigError('--roles-only goes with --admin-url: only a superuser makes roles.');
  }
  return { adminUrl, ownerUrl, appUrl: url, operatorUrl, rolesOnly };
}

/** What the two addresses say about roles and database. */
function provisioningOf({ ownerUrl, appUrl, operatorUrl }: Wish): Provisioning {
  if (appUrl === undefined) {
    throw new ConfigError('DATABASE_URL is not set: it names the password of holdfast_app.');
  }
  return {
    database: new URL(ownerUrl).pathname.slice(1),
    ownerPassword: passwordIn('DATABASE_OWNER_URL', ownerUrl, 'holdfast_owner'),
    appPassword: passwordIn('DATABASE_URL', appUrl, 'holdfast_app'),
    ...(operatorUrl !== undefined && {
      operatorPassword: passwordIn('DATABASE_OPERATOR_URL', operatorUrl, 'holdfast_operator'),
    }),
  };
}

function passwordIn(variable: string, given: string, role: string): string {
  const { username, password } = new URL(given);
  if (username !== role || password === '') {
    throw new ConfigError(`${variable} must sign in as ${role}, with a password.`);
  }
  return decodeURIComponent(password);
}
