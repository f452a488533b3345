/** Memory of processes, from /proc; Linux only. */
import { readFileSync } from 'node:fs';
import type { Part } from '../rig/part';
import { familyOf } from './cpu';

/** Reads the text of /proc/<pid>/smaps_rollup: KiB, pages that n processes share counted as 1/n. */
export function shareOf(rollup: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}

/** MiB of each part, its children included. */
export function memoryOf(parts: Iterable<Part>): Record<string, number> {
  return Object.fromEntries([...parts].map((part) => [part.name, mibOf(part.pid())] as const));
}

/** MiB of a process and its children. */
export function mibOf(pid: number | undefined): number {
  const kib = familyOf(pid).reduce((sum, member) => sum + kibOf(member), 0);
  return Math.round(kib / 1024);
}

function kibOf(pid: number): number {
  try {
    return shareOf(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    // It ended between the two looks.
    return 0;
  }
}
