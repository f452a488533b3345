/** Lives whose tasks fail again and again, mostly because their code cannot replay their history. */
import { within, type Engine } from './client';

/** As in the Web UI. The server marks a life after five tasks in a row that failed. */
export const stuckLives = 'ExecutionStatus="Running" AND TemporalReportedProblems IS NOT NULL';

const countMs = 1_500;

/** How many there are in the namespace, by the engine's index, which is a moment behind. */
export function countStuckLives(engine: Engine): Promise<number> {
  return within(engine, countMs, async () => {
    const { count } = await engine.client.workflow.count(stuckLives);
    return count;
  });
}
