/** CPU time of processes, from /proc; Linux only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for everybody. */
const msPerTick = 10;

export interface Spent {
  readonly parentPid: number;
  /** Of the process and of those children of its that ended and were waited for. */
  readonly cpuMs: number;
}

/** Reads the text of /proc/<pid>/stat. */
export function spentOf(stat: string): Spent {
  // The name of the program stands in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const numberAt = (index: number) => Number(fields[index] ?? NaN);
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + numberAt(index), 0);
  return { parentPid: numberAt(1), cpuMs: ticks * msPerTick };
}

/** Whether this system tells the CPU time of other processes. */
export const canCount = existsSync('/proc/self/stat');

/** Milliseconds of CPU of a process and its direct children so far; 0 where nobody counts. */
export function cpuMsOf(pid: number | undefined): number {
  if (pid === undefined || !canCount) return 0;
  const own = statOf(pid);
  if (own === undefined) return 0;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
    .filter(({ parentPid }) => parentPid === pid);
  return children.reduce((sum, { cpuMs }) => sum + cpuMs, own.cpuMs);
}

function statOf(pid: number): Spent | undefined {
  try {
    return spentOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // It ended between the two looks.
    return undefined;
  }
}
