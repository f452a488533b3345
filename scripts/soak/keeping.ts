/** Keeps what a soak saw, for whoever looks into what it found. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Soaked } from './run';
import type { Stage } from './stage';

/** Puts rows, faults, findings and logs beside the record; gives the folder. */
export function keepAll({ folder, evidence, findings, endings }: Soaked, { rig }: Stage): string {
  const { rows, signals, faults, logged } = evidence;
  const kept = { findings, faults, endings, signals, logged, rows };
  for (const [name, value] of Object.entries(kept)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value, null, 1));
  }
  cpSync(join(rig.folder, 'logs'), join(folder, 'logs'), { recursive: true });
  return folder;
}
