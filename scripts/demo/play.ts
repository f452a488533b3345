/** Lets the people of a story do what they have not done yet. */
import { deedsOf, type Deed, type Plot } from './deed';
import type { FrontDoor } from './front-door';
import type { Names } from './story';

export interface Stage {
  readonly door: FrontDoor;
  readonly names: Names;
  /** Causes that are past. */
  readonly past: ReadonlySet<string>;
  /** Told after each request that was answered. */
  readonly onDone: () => void;
  readonly log: (line: string) => void;
}

/** Tickets of one organization that move at the same time. */
const atOnce = 4;

/** The requests that are still to be sent. */
export function missing(plots: readonly Plot[], past: ReadonlySet<string>): Deed[] {
  return plots.flatMap(deedsOf).filter(({ cause }) => !past.has(cause));
}

/** Opens tickets one after the other, so that numbers follow the story; then moves several at once. */
export async function play(stage: Stage, plots: readonly Plot[]): Promise<void> {
  const opened: Plot[] = [];
  for (const plot of plots) {
    if (await perform(stage, plot, [plot.opening])) opened.push(plot);
  }
  const waiting = opened.values();
  const moveOn = async () => {
    for (const plot of waiting) await perform(stage, plot, plot.steps);
  };
  await Promise.all(Array.from({ length: atOnce }, moveOn));
}

/** False when something was refused: what would follow makes no sense any more. */
async function perform(stage: Stage, { title }: Plot, deeds: readonly Deed[]): Promise<boolean> {
  for (const deed of deeds) {
    if (stage.past.has(deed.cause)) continue;
    const said = await stage.door.send(deed, stage.names);
    stage.onDone();
    if (said.done) continue;
    stage.log(`Demo data: "${title}" stays as it is at ${deed.key}: ${said.why}`);
    return false;
  }
  return true;
}
