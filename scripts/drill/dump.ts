/**
 * A dump of PostgreSQL at one instant, and its way back into an empty database. Where programs that
 * are new enough are on the PATH it is `pg_dump` and `pg_restore`; otherwise every row as a line of
 * JSON, read in the same one transaction, with the tables made by the migrations.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Client } from 'pg';
import { migrate } from '../../models/migrate';
import { withClient } from '../../models/provision';
import { surroundings } from '../stack/environment';

/** Where a database is, as the superuser: row-level security would hide rows from anybody else. */
export interface Place {
  readonly adminUrl: string;
  /** As the owner of the tables; runs migrations. */
  readonly ownerUrl: string;
}

export type Way = 'pg_dump' | 'rows';

const run = promisify(execFile);

/** `pg_dump` if there is one of the server's version or newer: an older one refuses to work. */
export async function wayFor(serverVersion: number): Promise<Way> {
  const found = await versionOf('pg_dump');
  return found !== undefined && found >= serverVersion ? 'pg_dump' : 'rows';
}

/** The major version that a program of PostgreSQL says; undefined when it is not on the PATH. */
export async function versionOf(program: 'pg_dump' | 'pg_restore'): Promise<number | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], { env: surroundings() });
    return majorIn(stdout);
  } catch {
    return undefined;
  }
}

/** `pg_dump (PostgreSQL) 16.4 (Debian 16.4-1)` → 16. */
export function majorIn(text: string): number | undefined {
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(text) ?? [];
  return major === undefined ? undefined : Number(major);
}

/** Writes the file; `reader` is in the transaction whose view of the rows is dumped. */
export async function dump(way: Way, adminUrl: string, reader: Client, file: string) {
  if (way === 'rows') {
    await writeRows(reader, file);
    return;
  }
  const { rows } = await reader.query<{ id: string }>('select pg_export_snapshot() as id');
  const view = `--snapshot=${rows[0]?.id ?? ''}`;
  await tool('pg_dump', ['--format=custom', view, `--file=${file}`, '--dbname'], adminUrl);
}

/** Fills an empty database. Its roles must be there: no dump of one database has them. */
export async function restore(way: Way, place: Place, file: string): Promise<void> {
  if (way === 'rows') {
    await migrate(place.ownerUrl);
    await withClient(place.adminUrl, (client) => readRows(client, file));
    return;
  }
  await tool('pg_restore', ['--exit-on-error', file, '--dbname'], place.adminUrl);
  // The dump may be of an older release.
  await migrate(place.ownerUrl);
}

/** The password goes by the environment: arguments are seen by everybody on the machine. */
async function tool(program: string, args: readonly string[], address: string): Promise<void> {
  const url = new URL(address);
  const env = surroundings({ PGPASSWORD: decodeURIComponent(url.password) });
  url.password = '';
  await run(program, [...args, url.toString()], { env });
}

/** Tables of the product whose rows are kept; `rate_limits` is unlogged: lost without harm. */
const keptTables = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind = 'r' and c.relpersistence = 'p'
     and c.relname <> 'migrations' order by 1`;
const fetchedAtOnce = 2_000;

async function writeRows(reader: Client, file: string): Promise<void> {
  const out = createWriteStream(file);
  const { rows: tables } = await reader.query<{ name: string }>(keptTables);
  for (const { name } of tables) {
    await reader.query(`declare dumped cursor for
      select json_build_array('${name}', to_jsonb(t))::text as line from ${name} t`);
    for (;;) {
      const { rows } = await reader.query<{ line: string }>(`fetch ${fetchedAtOnce} from dumped`);
      if (rows.length === 0) break;
      const text = rows.map(({ line }) => `${line}\n`).join('');
      if (!out.write(text)) await once(out, 'drain');
    }
    await reader.query('close dumped');
  }
  out.end();
  await once(out, 'finish');
}

/** In one transaction, without the checks that the order of rows would break. */
async function readRows(client: Client, file: string): Promise<void> {
  await client.query('begin');
  await client.query(`set local session_replication_role = replica`);
  let lines: string[] = [];
  for await (const line of linesOf(file)) {
    lines.push(line);
    if (lines.length < fetchedAtOnce) continue;
    await insert(client, lines);
    lines = [];
  }
  await insert(client, lines);
  await continueSequences(client);
  await client.query('commit');
}

/** Split at \n alone: readline takes U+2028 for the end of a line, too, and JSON may hold one. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function insert(client: Client, lines: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string; rows: string }>(
    `select line ->> 0 as name, jsonb_agg(line -> 1)::text as rows
       from unnest($1::text[]) raw, lateral (select raw::jsonb as line) l group by 1`,
    [lines],
  );
  for (const { name, rows: given } of rows) {
    const table = client.escapeIdentifier(name);
    await client.query(
      `insert into ${table} overriding system value
       select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [given],
    );
  }
}

async function continueSequences(client: Client): Promise<void> {
  await client.query(
    `select setval(pg_get_serial_sequence('ticket_events', 'seq'), max(seq)) from ticket_events`,
  );
}
