/** The tables of docs/replay-mapping.md, for the tests that hold them against the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '../../docs/replay-mapping.md'), 'utf8');

/** The first two columns of the table under a heading. */
export function tableUnder(heading: string): Record<string, string> {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
  return Object.fromEntries(cells.map(([, log = '', ours = '']) => [log, ours]));
}
