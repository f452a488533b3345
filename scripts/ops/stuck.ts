/** `stuck`: lives whose tasks fail, mostly because their code cannot replay their history. */
import { stuckLives } from '../../engine/stuck';
import { requireEngine, type Installation } from './installation';
import { print, printTable, progressOf } from './print';

const shown = 200;
/** Messages of the SDK go on for lines about what it expected. */
const longestCause = 160;

export async function stuck(installation: Installation): Promise<boolean> {
  await requireEngine(installation);
  const progress = progressOf('Lives asked for');
  const found = await stuckLives(installation, progress);
  progress.end();
  if (found.length === 0) {
    print('No life is stuck.');
    return true;
  }
  print(`Stuck: ${found.length}. \`resume --stuck\` replaces them all.`);
  const rows = found
    .slice(0, shown)
    .map(({ name, since, cause }) => [name, since ?? 'unknown', cause.slice(0, longestCause)]);
  printTable([['ticket', 'since', 'cause'], ...rows]);
  if (found.length > shown) print(`  ... and ${found.length - shown} more`);
  return false;
}
