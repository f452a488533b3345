import type { Say } from '../stack/progress';
import type { Finding } from './check/evidence';
import type { Stage } from './stage';

export interface Told {
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

export async function tellStories(_stage: Stage, say: Say): Promise<Told> {
  say('no stories yet');
  return Promise.resolve({ lines: [], findings: [] });
}
