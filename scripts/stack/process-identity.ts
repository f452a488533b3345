/**
 * Who a process is. A pid is used again sooner or later, so a process is known by its pid and the
 * instant at which it started, and only that very process is ever sent a signal.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { codeOf } from './failure';
import { until } from './wait';

export const ProcessIdentity = z.object({
  pid: z.number().int().positive(),
  /** Opaque; equal for the same process only, also across restarts of the machine. */
  startedAt: z.string(),
});
export type ProcessIdentity = Readonly<z.infer<typeof ProcessIdentity>>;

const hasProc = existsSync('/proc/self/stat');

export interface Farewell {
  /** What asks this program to end in good order. */
  readonly signal: NodeJS.Signals;
  /** How long it has before SIGKILL. */
  readonly withinMs: number;
}

/** The identity of a living process; undefined when there is none, or only its remains. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = hasProc ? startOnLinux(pid) : startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True while that very process lives. */
export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  return identify(pid)?.startedAt === startedAt;
}

/** The command line of a living process; undefined when there is none, or only its remains. */
export function commandOf(pid: number): string | undefined {
  if (!(pid > 0) || identify(pid) === undefined) return undefined;
  if (hasProc) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}

/** Ends that very process: its own signal first, SIGKILL to its whole group after the bound. */
export async function end(known: ProcessIdentity, farewell: Farewell): Promise<void> {
  if (!isAlive(known)) return;
  send(known.pid, farewell.signal);
  const gone = { what: `The end of process ${known.pid}`, everyMs: 20 };
  try {
    await until(() => Promise.resolve(!isAlive(known)), { ...gone, withinMs: farewell.withinMs });
  } catch {
    kill(known);
    await until(() => Promise.resolve(!isAlive(known)), { ...gone, withinMs: 2000 });
  }
}

/** SIGKILL to that very process and its group, at once. */
export function kill(known: ProcessIdentity): void {
  if (!isAlive(known)) return;
  send(-known.pid, 'SIGKILL');
  send(known.pid, 'SIGKILL');
}

/** The processes that it started itself and that still live. */
export function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

/** Sends a signal; one that has ended meanwhile is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended meanwhile, or it leads no group.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

function startOnLinux(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name of the program stands in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  // A zombie ran once: nothing is left of it that could be signalled or could hold a file.
  if (state === 'Z' || state === 'X' || ticks === undefined) return undefined;
  return `${bootOnLinux()}/${ticks}`;
}

function bootOnLinux(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  const [state, ...start] = stdout.trim().split(/\s+/);
  return state === undefined || state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}
