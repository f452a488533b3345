/**
 * Ends what a deleted organization has left once nobody can bring it back: its lives, then its files and
 * its rows, then its lives again, then itself. Each part can be repeated, so a purge that was killed goes on at the next.
 */
import type { Logger } from 'pino';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { AttachmentStore } from '../models/attachments/store';
import { removeFiles } from '../models/attachments/sweep';
import type { Database } from '../models/database';
import { within, type Engine } from './client';
import { fewAtATime } from './crowd';

export interface PurgeDeps {
  readonly database: Database;
  readonly engine: Engine;
  readonly store: AttachmentStore;
  /** Absent: whoever asks says it in their own way. */
  readonly log?: Pick<Logger, 'info'>;
}

export interface Purged {
  readonly slug: string;
  readonly lives: number;
  readonly rows: number;
}

/** Small enough for the bound of a statement in a worker, with all foreign keys that are looked after. */
const rowsAtOnce = 500;
const endsAtOnce = 8;
const callMs = 5_000;

/** Purges every organization that is past its grace; what was ended and deleted of each. */
export async function purgeOrganizations(deps: PurgeDeps): Promise<Purged[]> {
  const due = await deps.database.unscoped<{ id: string; slug: string }>(
    'select id, slug from organizations_to_purge()',
  );
  const all: Purged[] = [];
  for (const { id, slug } of due) {
    const before = await endLives(deps.engine, slug);
    // Before their rows: those alone say which there are.
    await removeFiles(deps, id);
    const rows = await deleteRows(deps.database, id);
    // The engine's list is a moment behind: a life that had just begun is in it by now.
    const lives = before + (await endLives(deps.engine, slug));
    await deps.database.once(id, 'select forget_organization($1)', [id]);
    deps.log?.info({ slug, lives, rows }, 'organization purged');
    all.push({ slug, lives, rows });
  }
  return all;
}

async function deleteRows(database: Database, id: string): Promise<number> {
  let rows = 0;
  for (;;) {
    const [batch] = await database.once<{ gone: number }>(
      id,
      'select gone from purge_organization($1, $2)',
      [id, rowsAtOnce],
    );
    if (!batch) return rows;
    rows += batch.gone;
  }
}

/** Every workflow whose id begins with the slug, whatever it is the life of. */
async function endLives(engine: Engine, slug: string): Promise<number> {
  const { workflow } = engine.client;
  const query = `ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${slug}/'`;
  let ended = 0;
  await fewAtATime(workflow.list({ query }), endsAtOnce, async ({ workflowId }) => {
    try {
      await within(engine, callMs, () =>
        workflow.getHandle(workflowId).terminate('Its organization is deleted'),
      );
      ended += 1;
    } catch (error) {
      // It ended by itself after it was listed.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  });
  return ended;
}
