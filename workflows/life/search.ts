/** What the engine's lists of lives can be searched by. */
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import type { View } from './wire';

/** Only what differs: every upsert is an event and rewrites the indexes of visibility. */
export function changed(
  before: View['search'],
  after: View['search'],
): SearchAttributeUpdatePair[] {
  return Object.entries(after)
    .filter(([name, value]) => before[name] !== value)
    .map(([name, value]) => ({ key: { name, type: 'KEYWORD' }, value }));
}
