import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incident } from '../../../workflows/incidents/process';
import { placeOfOurs } from '../place';
import { levelOfForeign, placeOfForeign, priorityOfForeign } from './mapping';

const page = readFileSync(join(__dirname, '../../../docs/replay-mapping.md'), 'utf8');

/** The first two columns of the table under a heading. */
function tableUnder(heading: string): Record<string, string> {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
  return Object.fromEntries(cells.map(([, log = '', ours = '']) => [log, ours]));
}

describe('the documented mapping', () => {
  it.each([
    ['States', placeOfForeign],
    ['Impact and urgency', levelOfForeign],
    ['Priority', priorityOfForeign],
  ])('of %s is the one that runs', (heading, words) => {
    expect(tableUnder(heading)).toEqual(words);
  });
});

describe('our places', () => {
  it('are known for every state of an incident', () => {
    for (const state of Object.keys(incident.states)) {
      expect(placeOfOurs(state, 'customer')).toEqual(expect.any(String));
    }
  });

  it('refuse a state that the replay does not know', () => {
    expect(() => placeOfOurs('parked', null)).toThrow('parked');
  });
});
