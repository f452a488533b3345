/** What the stack is like with all tickets of the log in it: lists, memory, idle, sizes, check, restart. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../models/database';
import { cpuMsOf } from '../bench/cpu';
import { mibOf } from '../bench/memory';
import { surroundings } from '../stack/environment';
import { isAlive, kill } from '../stack/process-identity';
import { lookInto } from '../stack/run-file';
import { until } from '../stack/wait';
import type { Cast } from './cast';
import { openDoor, type Door } from './door';
import { percentile } from './figures';
import { table } from '../rig/markdown';
import { keptStage, type Stage } from './stage';

export interface Measuring {
  readonly folder: string;
  readonly stage: Stage;
  readonly cast: Cast;
  readonly password: string;
  /** Of the tickets, below /api/v1. */
  readonly path: string;
  readonly say: (line: string) => void;
}

/** Measures a stack that runs on a kept folder; it is killed and started again, `onRestart` gets the new one. */
export async function measureStack(
  { folder, stage, cast, password, path, say }: Measuring,
  onRestart: (stage: Stage) => void,
): Promise<string> {
  say('Measuring lists');
  const lists = await measureLists(openDoor(stage.url, password), cast.manager, path);
  say(`Measuring ${idleSeconds} s without requests`);
  const idle = await measureIdle(folder);
  const sizes = [
    ['database', mebibytes(await databaseBytes(stage.databaseUrl))],
    ["engine's store", mebibytes(folderBytes(join(folder, 'temporal')))],
  ];
  say('Checking every ticket against the engine');
  const check = runCheck(folder);
  say('Ending everything at once, starting again');
  await killAll(folder);
  const since = performance.now();
  onRestart(await keptStage(folder, say));
  const restart = `${((performance.now() - since) / 1000).toFixed(1)} s`;
  return [
    '## Afterwards, on the same stack',
    '',
    `Lists of 50, ${readsOfEach} reads each, one at a time, in milliseconds:`,
    '',
    ...table(['list', 'p50', 'p99'], lists),
    `Memory (PSS) and CPU of each part, with its child processes, over ${idleSeconds} s without requests:`,
    '',
    ...table(['part', 'memory', 'CPU of one core'], idle),
    ...table(
      ['figure', 'value'],
      [...sizes, ['`ops check`', check], ['kill -9 of everything, then start to ready', restart]],
    ),
  ].join('\n');
}

const readsOfEach = 100;
const lists: readonly (readonly [string, string])[] = [
  ['resolved, newest first', 'filter[state]=resolved&sort=-openedAt'],
  ['not closed, by priority', 'filter[state][ne]=closed&sort=priority,-openedAt'],
  ['all', 'sort=-openedAt'],
];

async function measureLists(door: Door, as: string, path: string): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, query] of lists) {
    const times: number[] = [];
    for (let read = 0; read < readsOfEach; read += 1) {
      const since = performance.now();
      await door.read(as, `${path}?limit=50&${query}`);
      times.push(performance.now() - since);
    }
    rows.push([name, ...[0.5, 0.99].map((share) => (percentile(times, share) ?? 0).toFixed(1))]);
  }
  return rows;
}

const idleSeconds = 60;

async function measureIdle(folder: string): Promise<string[][]> {
  const parts = [...(lookInto(folder)?.children ?? [])];
  const before = parts.map(([, { pid }]) => cpuMsOf(pid));
  await pause(idleSeconds * 1000);
  return parts.map(([name, { pid }], index) => {
    const share = (cpuMsOf(pid) - (before[index] ?? 0)) / (idleSeconds * 1000);
    return [name, `${mibOf(pid)} MiB`, `${(share * 100).toFixed(1)} %`];
  });
}

async function databaseBytes(url: string): Promise<number> {
  const database = await openDatabase({
    url,
    poolMax: 2,
    applicationName: 'holdfast-replay',
    statementTimeoutMs: 30_000,
  });
  try {
    const [row] = await database.unscoped<{ bytes: string }>(
      'select pg_database_size(current_database()) as bytes',
    );
    return Number(row?.bytes);
  } finally {
    await database.close();
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name)).size)
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** `3.1 s, exit code 0: Tickets: ... All is well.` */
function runCheck(folder: string): string {
  const since = performance.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join('scripts', 'ops.ts'), 'check'],
    {
      cwd: resolve(__dirname, '..', '..'),
      env: surroundings({ DATA_DIR: folder, DATABASE_URL: '', TEMPORAL_ADDRESS: '' }),
      encoding: 'utf8',
    },
  );
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return `${seconds} s, exit code ${String(status)}: ${lines.join(' ')}`;
}

/** As when the machine loses its power; the launcher first, or it would start the others again. */
async function killAll(folder: string): Promise<void> {
  const run = lookInto(folder);
  if (run === undefined) return;
  const all = [run.launcher, ...run.children.values()];
  for (const one of all) kill(one);
  // A busy machine takes its time over it; one that still lives would be taken over as if it worked.
  const areGone = () => Promise.resolve(!all.some(isAlive));
  await until(areGone, { what: 'The end of the stack', withinMs: 20_000 });
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
