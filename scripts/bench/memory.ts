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
  return Object.fromEntries(
    [...parts].map((part) => {
      const kib = familyOf(part.pid()).reduce((sum, pid) => sum + kibOf(pid), 0);
      return [part.name, Math.round(kib / 1024)] as const;
    }),
  );
}

function kibOf(pid: number): number {
  try {
    return shareOf(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    // It ended between the two looks.
    return 0;
  }
}
