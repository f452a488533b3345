/** What a process with all of its descendants has used; Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** Seconds of CPU, user and system, since each began. */
  readonly cpuSeconds: number;
  /** Memory in bytes; what processes share is divided among them (PSS). */
  readonly bytes: number;
}

/** The usage of a process and its descendants at this moment; those that end meanwhile count nothing. */
export function usageOf(pid: number): Usage {
  const family = familyOf(pid, allStats());
  return {
    cpuSeconds: family.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond,
    bytes: family.reduce((sum, { pid: one }) => sum + memoryOf(one), 0),
  };
}

/** Fixed for user space on every Linux that Node runs on. */
const ticksPerSecond = 100;

export interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** Of a line of /proc/PID/stat. */
export function readStat(line: string): Stat {
  // The name of the program stands in brackets and may itself hold spaces and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(fields[1]),
    // Its own, user and system, and those of its children that have ended: nothing is lost with them.
    ticks: [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0),
  };
}

/** A process and all that descend from it. */
export function familyOf(pid: number, all: readonly Stat[]): Stat[] {
  const children = all.filter(({ parent }) => parent === pid);
  return [
    ...all.filter((one) => one.pid === pid),
    ...children.flatMap((child) => familyOf(child.pid, all)),
  ];
}

function allStats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const line = textOf(`/proc/${name}/stat`);
      return line === '' ? [] : [readStat(line)];
    });
}

function memoryOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Empty when the process has ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
