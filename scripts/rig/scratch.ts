/** Folders of installations that go away after use, also those that a killed run left behind. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCluster } from '../stack/postgres-place';
import { end, kill } from '../stack/process-identity';
import { claim, type Claim, lookInto, type RunningChild } from '../stack/run-file';

export interface Scratch {
  readonly folder: string;
  readonly held: Claim;
}

/** A new folder, ours until this process dies; `kind` tells its sort, e.g. `test`. */
export function scratchOf(kind: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), prefixOf(kind)));
  // PostgreSQL may run as another account, which must be able to pass.
  chmodSync(folder, 0o711);
  return { folder, held: claim(folder) };
}

/** Ends what runs in a scratch folder and removes it. */
export async function removeScratch(folder: string): Promise<void> {
  const children = lookInto(folder)?.children ?? new Map<string, RunningChild>();
  for (const [name, child] of children) {
    // Nothing of the others is kept; PostgreSQL gives back shared memory.
    if (name !== 'PostgreSQL') kill(child);
  }
  const postgres = children.get('PostgreSQL');
  if (postgres !== undefined) await end(postgres, { signal: 'SIGINT', withinMs: 5000 });
  removeCluster(join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
}

/** Removes the folders of that kind whose launcher is dead. */
export async function removeAbandoned(kind: string): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefixOf(kind)))) {
    const folder = join(tmpdir(), name);
    // Never on the word of another account.
    if (statSync(folder).uid !== process.getuid?.()) continue;
    if (lookInto(folder)?.isAbandoned === true) await removeScratch(folder);
  }
}

const prefixOf = (kind: string) => `holdfast-${kind}-`;
