import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { anyFreePort } from './ports';
import { type Postgres, postgresAnswers, preparePostgres } from './postgres';
import { removeCluster } from './postgres-place';
import { end, isAlive } from './process-identity';
import { start, type Started } from './program';

const superuserPassword = 'a password with spaces & signs/';
let folder: string;
let started: Started | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
});
afterEach(async () => {
  if (started !== undefined) await stop(started);
  removeCluster(join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  it('starts, answers, keeps what was written, and stops', async () => {
    const first = await prepare();
    started = await start(first.program);
    await postgresAnswers(first);
    await query(first.adminUrl, 'create table kept as select 42 as answer');
    await stop(started);
    expect(isAlive(started.identity)).toBe(false);

    const second = await prepare();
    started = await start(second.program);
    await postgresAnswers(second);
    expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(
      await query(
        second.adminUrl,
        `select pg_encoding_to_char(encoding) as encoding, datlocale,
                current_setting('max_connections') as connections,
                current_setting('listen_addresses') as listens
           from pg_database where datname = 'postgres'`,
      ),
    ).toEqual([
      { encoding: 'UTF8', datlocale: 'C.UTF-8', connections: '100', listens: '127.0.0.1' },
    ]);
  });

  it('asks for the password, and a wrong one is told, not waited for', async () => {
    const postgres = await prepare();
    started = await start(postgres.program);
    await postgresAnswers(postgres);
    const url = new URL(postgres.adminUrl);
    url.password = 'wrong';
    await expect(postgresAnswers({ ...postgres, adminUrl: url.toString() })).rejects.toThrow(
      'not the one in secrets.json',
    );
  });

  it('starts below a folder that only its owner may pass, and is removed from where it lies', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const postgres = await prepare(join(closed, 'data'));
    started = await start(postgres.program);
    await postgresAnswers(postgres);
    expect(await query(postgres.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(statSync(closed).mode & 0o777).toBe(0o700);
    const lies = realpathSync(join(closed, 'data', 'postgres'));
    await stop(started);
    removeCluster(join(closed, 'data', 'postgres'));
    expect(existsSync(lies)).toBe(false);
  });
});

const prepare = async (within = folder): Promise<Postgres> =>
  preparePostgres({
    folder: join(within, 'postgres'),
    logFile: join(folder, 'logs', 'postgres.log'),
    port: await anyFreePort(),
    superuserPassword,
    ephemeral: true,
    say: () => undefined,
  });

const stop = ({ identity }: Started) => end(identity, { signal: 'SIGINT', withinMs: 5000 });

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
