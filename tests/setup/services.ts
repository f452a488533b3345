/** Worker and API as the processes that a cluster runs, for one test: started, looked at, ended. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { partOf, type Part } from '../../scripts/rig/part';
import { removeScratch, scratchOf } from '../../scripts/rig/scratch';
import { anyFreePort } from '../../scripts/stack/ports';
import { apiProgram, workerProgram } from '../../scripts/stack/service';
import type { Program } from '../../scripts/stack/program';
import { secret, type World } from '../harness';

/**
 * `url` is where the API will listen; `settings` go to both, by the names of config.ts. What a killed test
 * run leaves behind, the next one ends. `checkout` is where their sources are.
 */
export async function services(
  world: World,
  settings: Readonly<Record<string, string>> = {},
  checkout = resolve(__dirname, '../..'),
) {
  const { folder, held } = scratchOf('test');
  const port = await anyFreePort();
  const metricsPorts = { API: await anyFreePort(), worker: await anyFreePort() };
  const wish = {
    checkout,
    logFolder: folder,
    dataFolder: folder,
    databaseUrl: world.databaseUrl,
    temporalAddress: world.temporalAddress,
    jwtSecret: secret,
    host: '127.0.0.1',
    port,
    metricsPorts,
    settings,
  };
  const run = async (program: Program): Promise<Part> => {
    const part = partOf(program, held);
    await part.start();
    return part;
  };
  return {
    metricsPorts,
    url: `http://127.0.0.1:${port}`,
    worker: () => run(workerProgram(wish)),
    api: () => run(apiProgram(wish)),
    close: () => removeScratch(folder),
  };
}

/** What a process has logged so far. */
export function loggedBy({ logFile }: Part): string {
  return readFileSync(logFile, 'utf8');
}
