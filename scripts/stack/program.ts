/** A program of the stack: how it is started, where it writes, how it is asked to end. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Farewell, identify, type ProcessIdentity } from './process-identity';

export interface Program {
  /** As it reads in messages, e.g. `PostgreSQL`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Whom it runs as, when not as ourselves. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  readonly logFile: string;
  readonly port?: number;
  readonly farewell: Farewell;
}

export interface Started {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
  /** Resolves with what to say about its end; never rejects. */
  readonly ended: Promise<string>;
}

const largestLogBytes = 20 * 1024 * 1024;

/**
 * Starts a program in a group of its own (Ctrl-C in the terminal must not reach it: we end the
 * stack in order), its output appended to its log file. Throws when it cannot be started at all.
 */
export async function start(program: Program): Promise<Started> {
  const log = openLog(program.logFile);
  const child = spawn(program.command, [...program.args], {
    env: program.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(program.folder === undefined ? {} : { cwd: program.folder }),
    ...program.account,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ?? `code ${String(code)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new Error(`${program.name} cannot be started: ${error.message}`));
    });
  });
  return { child, identity: identityOf(child), ended };
}

/** The last lines of a program's log, indented, for an error message. */
export function lastWords(program: Program, lines = 8): string {
  const text = existsSync(program.logFile) ? readFileSync(program.logFile, 'utf8') : '';
  const last = text.trimEnd().split('\n').slice(-lines).join('\n  ');
  return `Last lines of ${basename(program.logFile)}:\n  ${last}`;
}

function identityOf(child: ChildProcess): ProcessIdentity {
  const pid = child.pid ?? 0;
  // One that ended already is nobody any more; no living process has this start.
  return identify(pid) ?? { pid, startedAt: 'ended' };
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path) && statSync(path).size > largestLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}
