/** Worker and API as the processes that a cluster runs, for one test: started, looked at, ended. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { anyFreePort } from '../../scripts/stack/ports';
import { end, isAlive, kill, type ProcessIdentity } from '../../scripts/stack/process-identity';
import { start, type Program } from '../../scripts/stack/program';
import { claim } from '../../scripts/stack/run-file';
import { apiProgram, workerProgram } from '../../scripts/stack/service';
import { secret, type World } from '../harness';

export interface Service {
  /** SIGKILL, at once. */
  readonly kill: () => void;
  readonly isAlive: () => boolean;
  /** How it ended: `code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** What it has logged so far. */
  readonly log: () => string;
}

/** `url` is where the API will listen. What a killed test run leaves behind, the next one ends. */
export async function services(world: World, namespace = 'default') {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const held = claim(folder);
  const port = await anyFreePort();
  const running: { program: Program; identity: ProcessIdentity }[] = [];
  const wish = {
    checkout: resolve(__dirname, '../..'),
    logFolder: folder,
    dataFolder: folder,
    databaseUrl: world.databaseUrl,
    temporalAddress: world.temporalAddress,
    jwtSecret: secret,
    host: '127.0.0.1',
    port,
  };

  async function run(plain: Program): Promise<Service> {
    const program = { ...plain, env: { ...plain.env, TEMPORAL_NAMESPACE: namespace } };
    const { identity, ended } = await start(program);
    held.note(program.name, identity);
    running.push({ program, identity });
    return {
      kill: () => {
        kill(identity);
      },
      isAlive: () => isAlive(identity),
      ended,
      log: () => readFileSync(program.logFile, 'utf8'),
    };
  }

  return {
    url: `http://127.0.0.1:${port}`,
    worker: () => run(workerProgram(wish)),
    api: () => run(apiProgram(wish)),
    close: async () => {
      await Promise.all(running.map(({ program, identity }) => end(identity, program.farewell)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
