/**
 * Lives that go on although their ticket is settled. The step that settled it was committed, but its life
 * was not told: the engine lost the task it ran in, and the update with it, as nobody waited any more
 * (docs/faults.md). Nothing is due for a settled ticket, so no watchdog of deadlines ever comes by.
 */
import type { Logger } from 'pino';
import type { Database } from '../models/database';
import { fewAtATime, type TicketKey } from './crowd';
import type { Engine } from './client';
import type { Lives } from './lives';
import { noTally, type Tally } from './tally';

export interface StrayDeps {
  readonly database: Database;
  readonly engine: Engine;
  readonly lives: Lives;
  /** Absent: whoever asks says it in their own way. */
  readonly log?: Pick<Logger, 'error'>;
  readonly tally?: Tally;
}

const pageSize = 200;
const toldAtOnce = 4;
/** One that has just been settled is about to end by itself. */
const graceSeconds = 30;

/** Tells each of them, and it ends; how many there were. */
export async function endStrays(deps: StrayDeps): Promise<number> {
  let ended = 0;
  await fewAtATime(strays(deps), toldAtOnce, async ({ organizationId, ticketId }) => {
    const living = await deps.lives.find(organizationId, ticketId);
    if (living?.view.settled !== true || !(await deps.lives.isAlive(living))) return;
    await deps.lives.signal(living, 'look', {});
    ended += 1;
    (deps.tally ?? noTally).repaired('ended');
    deps.log?.error({ ticketId, number: living.ticket.number }, 'a life outlived its ticket');
  });
  return ended;
}

/** By the engine's list of what runs, which is a moment behind. */
export async function* strays({
  database,
  engine,
}: Pick<StrayDeps, 'database' | 'engine'>): AsyncGenerator<TicketKey> {
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${engine.taskQueue}'`;
  let page: TicketKey[] = [];
  for await (const { memo } of engine.client.workflow.list({ query, pageSize })) {
    const { organizationId, ticketId } = memo ?? {};
    if (typeof organizationId !== 'string' || typeof ticketId !== 'string') continue;
    page.push({ organizationId, ticketId });
    if (page.length < pageSize) continue;
    yield* await settledOf(database, page);
    page = [];
  }
  yield* await settledOf(database, page);
}

async function settledOf(database: Database, page: readonly TicketKey[]): Promise<TicketKey[]> {
  const settled: TicketKey[] = [];
  for (const organizationId of new Set(page.map((one) => one.organizationId))) {
    const own = page.filter((one) => one.organizationId === organizationId);
    const rows = await database.once<{ id: string }>(
      organizationId,
      `select id from tickets where organization_id = $1 and id = any($2::uuid[]) and is_settled
          and updated_at < now() - make_interval(secs => $3)`,
      [organizationId, own.map(({ ticketId }) => ticketId), graceSeconds],
    );
    settled.push(...rows.map(({ id }) => ({ organizationId, ticketId: id })));
  }
  return settled;
}
