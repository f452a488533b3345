/** Where the replay runs: a stack of its own in a scratch folder, or one that runs already. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { localAddress } from '../stack/address';
import { surroundings } from '../stack/environment';
import { lookInto } from '../stack/run-file';
import { loadSecrets } from '../stack/secrets';

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
  // PostgreSQL may run as another account, which must be able to pass.
  chmodSync(folder, 0o711);
  const child = launch(folder);
  const close = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, say);
    return { ...addressesIn(folder), isOwn: true, close };
  } catch (error) {
    await close();
    throw error;
  }
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
