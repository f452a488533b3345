/** Replaces every life that cannot go on. */
import { findNamed } from '../models/tickets/kernel/named';
import { fewAtATime } from './crowd';
import type { Lives } from './lives';
import { replaceLife } from './replace';
import { stuckLives, type StuckDeps } from './stuck';

export interface Repaired {
  replaced: number;
  /** Lives of settled tickets: they were only to hear that, so none is put in their place. */
  ended: number;
  readonly failed: { readonly ticket: string; readonly reason: string }[];
}

export interface RepairDeps extends StuckDeps {
  readonly lives: Lives;
}

const replacedAtOnce = 6;

/** Safe to repeat. `progress` is told how many lives were asked whether they are stuck. */
export async function replaceStuck(
  deps: RepairDeps,
  progress: (lookedAt: number) => void = () => undefined,
): Promise<Repaired> {
  const so: Repaired = { replaced: 0, ended: 0, failed: [] };
  const stuck = await stuckLives(deps, progress);
  await fewAtATime(stuck, replacedAtOnce, async ({ name }) => {
    try {
      so[await repair(deps, name)] += 1;
    } catch (error) {
      so.failed.push({
        ticket: name,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  });
  return so;
}

async function repair(
  { database, lives }: RepairDeps,
  name: string,
): Promise<'replaced' | 'ended'> {
  const key = await findNamed(database, name);
  const living = await lives.find(key.organizationId, key.ticketId);
  if (living?.view.settled === true) {
    await lives.terminate(living, 'Stuck, and its ticket is settled (ops resume --stuck)');
    return 'ended';
  }
  await replaceLife({ database, lives }, key);
  return 'replaced';
}
