/** Where the replay runs: a stack of its own in a scratch folder, or one that runs already. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { localAddress } from '../stack/address';
import { surroundings } from '../stack/environment';
import { end } from '../stack/process-identity';
import { lookInto } from '../stack/run-file';
import { loadSecrets } from '../stack/secrets';
import { until } from '../stack/wait';

export interface Stage {
  readonly url: string;
  /** As the application role; only to found the organization. */
  readonly databaseUrl: string;
  readonly isOwn: boolean;
  close(): Promise<void>;
}

/** A stack that somebody else keeps; it is left as it is. */
export function givenStage(url: string, databaseUrl: string): Stage {
  return { url, databaseUrl, isOwn: false, close: () => Promise.resolve() };
}

/** Starts `npm start`'s program on an empty folder; `close` ends it in order and removes the folder. */
export async function ownStage(say: (line: string) => void): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-replay-'));
  return startIn(folder, say, () => {
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The same on a folder that stays; a stack that a killed replay left running on it is taken over. */
export async function keptStage(wished: string, say: (line: string) => void): Promise<Stage> {
  const folder = resolve(wished);
  mkdirSync(folder, { recursive: true });
  if (lookInto(folder)?.isAbandoned === false) return takeOver(folder, say);
  return startIn(folder, say, () => undefined);
}

async function startIn(
  folder: string,
  say: (line: string) => void,
  after: () => void,
): Promise<Stage> {
  // PostgreSQL may run as another account, which must be able to pass.
  chmodSync(folder, 0o711);
  const child = launch(folder);
  const close = async () => {
    await ended(child);
    after();
  };
  try {
    await ready(child, say);
    return { ...addressesIn(folder), isOwn: true, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const takeOverMs = 120_000;
/** Closing in order is bounded by 20 s (scripts/stack/farewell.ts). */
const closeMs = 25_000;

async function takeOver(folder: string, say: (line: string) => void): Promise<Stage> {
  say('A stack runs on this folder already: it is taken over');
  const isReady = async () => {
    const answer = await fetch(`${addressesIn(folder).url}/health/ready`);
    await answer.body?.cancel();
    return answer.status === 200;
  };
  await until(isReady, { what: `The stack on ${folder}`, withinMs: takeOverMs, everyMs: 200 });
  const close = async () => {
    const launcher = lookInto(folder)?.launcher;
    if (launcher) await end(launcher, { signal: 'SIGTERM', withinMs: closeMs });
  };
  return { ...addressesIn(folder), isOwn: true, close };
}

const host = '127.0.0.1';

/** An empty setting means "not set": nothing of a person's own installation leaks in. */
function launch(folder: string): ChildProcess {
  const checkout = resolve(__dirname, '..', '..');
  const settings = {
    ...{ DATA_DIR: folder, DEMO_DATA: 'false', HOST: host, PORT: '' },
    ...{ DATABASE_URL: '', DATABASE_OWNER_URL: '', TEMPORAL_ADDRESS: '', JWT_SECRET: '' },
    ...{ POSTGRES_PORT: '', TEMPORAL_PORT: '', TEMPORAL_UI_PORT: '' },
  };
  return spawn(process.execPath, ['--import', 'tsx', join('scripts', 'start.ts')], {
    cwd: checkout,
    env: surroundings(settings),
    // A group of its own: Ctrl-C reaches the replay, which ends the stack in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ready(child: ChildProcess, say: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (chunk: unknown) => {
      for (const line of String(chunk).split('\n')) {
        if (line.trim() !== '') say(`  ${line.trim()}`);
        if (line.startsWith('Holdfast is ready')) resolve();
      }
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(
        new Error(`The stack of the replay ended (code ${String(code)}) before it was ready.`),
      );
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function addressesIn(folder: string): { url: string; databaseUrl: string } {
  const children = lookInto(folder)?.children;
  const portOf = (name: string) => {
    const port = children?.get(name)?.port;
    if (port === undefined) throw new Error(`The run file does not name the port of ${name}.`);
    return port;
  };
  const database = new URL(`postgres://${host}:${portOf('PostgreSQL')}/holdfast`);
  database.username = 'holdfast_app';
  database.password = loadSecrets(folder).appPassword;
  return { url: localAddress(host, portOf('API')), databaseUrl: database.toString() };
}
