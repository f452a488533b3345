/** Two stories too long for chance: signals around continue-as-new, and a noisy ticket. No faults meanwhile. */
import type { Say } from '../stack/progress';
import { checkFacts } from './check/facts';
import type { Finding, Signal } from './check/evidence';
import { readRows } from './check/rows';
import { quiet } from './quiet';
import type { Stage } from './stage';
import { continuing } from './stories/continuing';
import { noisy } from './stories/noisy';

export interface Told {
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

const continuations = 1_000;
const facts = 10_000;

export async function tellStories(stage: Stage, say: Say): Promise<Told> {
  say(`Story: ${continuations} times a signal in the task that continues as new`);
  const first = await continuing(stage, continuations, say);
  say(`Story: a noisy ticket, ${facts} facts`);
  const second = await noisy(stage, facts, say);
  const restless = await quiet(stage.installation.database);
  return {
    lines: ['', ...first.lines, ...second.lines],
    findings: [...restless, ...(await lostOrTwice(stage, [...first.signals, ...second.signals]))],
  };
}

async function lostOrTwice({ rig }: Stage, signals: readonly Signal[]): Promise<Finding[]> {
  const rows = await readRows(rig.database.adminUrl);
  const logged = { repairs: [], known: [] };
  return checkFacts({ rows, signals, sayings: [], faults: [], logged, causeOf: () => '' });
}
