/**
 * The run file: who works on a data folder at present. It is the lock (one launcher a folder) and
 * the list from which the next start ends what an earlier one left behind.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from './failure';
import { identify, isAlive, ProcessIdentity } from './process-identity';

const Child = ProcessIdentity.extend({ port: z.number().int().optional() });
const Run = z.object({
  launcher: ProcessIdentity,
  /** Address of the API, for the message to a second starter. */
  address: z.string().optional(),
  children: z.record(z.string(), Child),
});
export type RunningChild = Readonly<z.infer<typeof Child>>;
type Run = z.infer<typeof Run>;

/** A data folder that is ours until `release`. */
export interface Claim {
  /** What an earlier launcher started and did not end, by name; alive or not. */
  readonly leftBehind: ReadonlyMap<string, RunningChild>;
  note: (name: string, child: RunningChild) => void;
  forget: (name: string) => void;
  announce: (address: string) => void;
  release: () => void;
}

/** Takes the data folder; throws when another launcher that lives has it. */
export function claim(folder: string): Claim {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'run.json');
  const run: Run = { launcher: ourselves(), children: {} };
  alone(path, () => {
    take(path, run);
  });
  const leftBehind = new Map(Object.entries(run.children));
  const save = () => {
    writeFileSync(draft(path), JSON.stringify(run, null, 2));
    renameSync(draft(path), path);
  };
  return {
    leftBehind,
    note: (name, child) => {
      run.children[name] = child;
      save();
    },
    forget: (name) => {
      run.children = Object.fromEntries(
        Object.entries(run.children).filter(([other]) => other !== name),
      );
      save();
    },
    announce: (address) => {
      run.address = address;
      save();
    },
    release: () => {
      rmSync(path, { force: true });
    },
  };
}

/** Who works on a folder, or did; undefined when nobody ever did or all was closed in order. */
export function lookInto(folder: string): Glimpse | undefined {
  const run = read(join(folder, 'run.json'));
  if (run === undefined) return undefined;
  return {
    launcher: run.launcher,
    isAbandoned: !isAlive(run.launcher),
    children: new Map(Object.entries(run.children)),
  };
}

export interface Glimpse {
  /** Who keeps the rest alive. */
  readonly launcher: ProcessIdentity;
  /** The launcher is dead. */
  readonly isAbandoned: boolean;
  readonly children: ReadonlyMap<string, RunningChild>;
}

const longestTakeMs = 2000;

/** Taking looks first and acts then, so starters do it one after another, each in a millisecond. */
function alone(path: string, work: () => void): void {
  const lock = `${path}.lock`;
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, JSON.stringify(ourselves()));
  try {
    const deadline = Date.now() + longestTakeMs;
    while (!linked(own, lock)) {
      if (!isHeld(lock)) rmSync(lock, { force: true });
      else if (Date.now() > deadline) throw new Error(`Another start holds ${lock}.`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
    try {
      work();
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** False when whoever holds it died in that millisecond; one that went away just now counts as held. */
function isHeld(lock: string): boolean {
  try {
    return isAlive(ProcessIdentity.parse(JSON.parse(readFileSync(lock, 'utf8'))));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

/**
 * Linking is atomic and fails when the name exists: of two that start at once one wins. A stale
 * file is moved away first; should it turn out to be a fresh one of a rival, it is put back.
 */
function take(path: string, run: Run): void {
  const before = read(path);
  refuseIfAlive(before);
  if (before !== undefined) {
    run.children = before.children;
    moveAway(path);
  }
  writeFileSync(draft(path), JSON.stringify(run, null, 2));
  try {
    linkSync(draft(path), path);
  } catch (error) {
    refuseIfAlive(read(path));
    throw error;
  } finally {
    rmSync(draft(path), { force: true });
  }
}

function moveAway(path: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  if (moved !== undefined && isAlive(moved.launcher)) linkSync(aside, path);
  rmSync(aside);
  refuseIfAlive(moved);
}

function refuseIfAlive(run: Run | undefined): void {
  if (run === undefined || !isAlive(run.launcher) || run.launcher.pid === process.pid) return;
  const at = run.address === undefined ? '' : ` at ${run.address}`;
  throw new Error(
    `Holdfast is already running on this data folder${at} (pid ${run.launcher.pid}). Stop it with: kill ${run.launcher.pid}`,
  );
}

function read(path: string): Run | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return Run.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path} is damaged. End the processes of this data folder by hand, then delete the file.`,
    );
  }
}

const draft = (path: string) => `${path}.${process.pid}.new`;

function ourselves(): ProcessIdentity {
  const known = identify(process.pid);
  if (known === undefined) throw new Error('This system does not tell when a process started.');
  return known;
}
