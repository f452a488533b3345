/** CPU time of processes, from /proc; Linux only, elsewhere nothing is counted. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for everybody. */
const msPerTick = 10;

export interface Spent {
  readonly parentPid: number;
  /** Of the process, and of those children of its that ended and were waited for. */
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

/** Milliseconds of CPU of a process and its children so far. */
export function cpuMsOf(pid: number | undefined): number {
  return familyOf(pid).reduce((sum, member) => sum + (statOf(member)?.cpuMs ?? 0), 0);
}

/** The process and its direct children. */
export function familyOf(pid: number | undefined): number[] {
  if (pid === undefined || !existsSync('/proc/self/stat')) return [];
  const others = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return [pid, ...others.filter((other) => statOf(other)?.parentPid === pid)];
}

function statOf(pid: number): Spent | undefined {
  try {
    return spentOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // It ended between the two looks.
    return undefined;
  }
}
