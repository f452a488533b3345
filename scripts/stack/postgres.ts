/** The embedded PostgreSQL: made once, started as a program, asked whether it answers. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Account, unprivilegedAccount } from './account';
import { surroundings } from './environment';
import { codeOf } from './failure';
import { farewells } from './farewell';
import { placeCluster, placePrograms, type Programs } from './postgres-place';
import { disownDeadPostmaster } from './postmaster-file';
import { type Program } from './program';
import { type Say, timed } from './progress';
import { until } from './wait';

export interface PostgresWish {
  /** Folder of the cluster; made when it is not there. */
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  readonly superuserPassword: string;
  /** For tests: nothing survives a crash of the machine, everything is faster. */
  readonly ephemeral?: boolean;
  readonly say: Say;
}

export interface Postgres {
  readonly program: Program;
  /** As the superuser, for provisioning only. */
  readonly adminUrl: string;
}

const lasting = { max_connections: '100' };
const ephemeral = { ...lasting, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Makes the cluster if it is new; says how to start it. Throws with the reason if it cannot. */
export async function preparePostgres(wish: PostgresWish): Promise<Postgres> {
  const account = unprivilegedAccount();
  const programs = placePrograms(account, wish.say);
  const folder = placeCluster(wish.folder, account, wish.say);
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    await timed(wish.say, 'PostgreSQL: a new cluster was made', () =>
      makeCluster({ folder, account, programs, wish }),
    );
  }
  disownDeadPostmaster(folder);
  return {
    program: {
      name: 'PostgreSQL',
      command: programs.postgres,
      args: ['-D', folder, ...settings(wish)],
      env: surroundings(),
      folder: dirname(folder),
      account,
      logFile: wish.logFile,
      port: wish.port,
      farewell: farewells.PostgreSQL,
    },
    adminUrl: `postgres://postgres:${encodeURIComponent(wish.superuserPassword)}@127.0.0.1:${wish.port}/postgres`,
  };
}

/** Waits until it takes a query; throws when that is hopeless. */
export async function postgresAnswers(
  postgres: Postgres,
  hopeless: () => string | undefined = () => undefined,
): Promise<void> {
  let misfit: string | undefined;
  const probe = async () => {
    try {
      await selectOne(postgres.adminUrl);
      return true;
    } catch (error) {
      if (codeOf(error) === '28P01') {
        misfit = 'the password of the cluster is not the one in secrets.json. Restore that file.';
      }
      throw error;
    }
  };
  await until(probe, {
    what: 'PostgreSQL',
    withinMs: 60_000,
    hopeless: () => misfit ?? hopeless(),
  });
}

async function selectOne(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  // A server that dies under an idle connection reports it here; the query then fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

function settings(wish: PostgresWish): string[] {
  const chosen = {
    ...(wish.ephemeral === true ? ephemeral : lasting),
    port: String(wish.port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface Making {
  readonly folder: string;
  readonly account: Account | undefined;
  readonly programs: Programs;
  readonly wish: PostgresWish;
}

/** Made beside its place and moved there when it is whole, so that a kill leaves no half cluster. */
async function makeCluster({ folder, account, programs, wish }: Making): Promise<void> {
  const draft = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, wish.superuserPassword, { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  if (account !== undefined) {
    for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  try {
    await promisify(execFile)(
      programs.initdb,
      [
        '-D',
        draft,
        `--pwfile=${passwordFile}`,
        ...clusterForm,
        ...(wish.ephemeral ? ['--no-sync'] : []),
      ],
      { cwd: dirname(folder), env: surroundings(), ...account },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, folder);
}

// The built-in provider knows C.UTF-8 on every system, whatever locales are installed there.
const clusterForm = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];
