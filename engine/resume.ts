/** Brings back what the engine has lost: PostgreSQL alone knows every ticket that has to live. */
import type { Database } from '../models/database';
import { workflowIdOf } from '../workflows/process';
import { fewAtATime, unsettled, type TicketKey } from './crowd';
import type { Lives } from './lives';
import { sendAgain } from './undelivered';

export interface ResumeDeps {
  readonly database: Database;
  readonly lives: Lives;
}

export interface Resumed {
  lookedAt: number;
  started: number;
  alreadyAlive: number;
  /** Outbox rows that are sent again at once. */
  sentAgain: number;
  readonly failed: { readonly ticket: string; readonly reason: string }[];
}

const startsAtOnce = 12;

/** Starts every unsettled ticket that does not live, then sends again what was not confirmed. Safe to repeat. */
export async function resumeAll(
  deps: ResumeDeps,
  progress: (so: Readonly<Resumed>) => void = () => undefined,
): Promise<Resumed> {
  const so: Resumed = { lookedAt: 0, started: 0, alreadyAlive: 0, sentAgain: 0, failed: [] };
  await fewAtATime(unsettled(deps.database), startsAtOnce, async (key) => {
    await resume(deps, key, so);
    so.lookedAt += 1;
    progress(so);
  });
  so.sentAgain = await sendAgain(deps.database);
  return so;
}

async function resume({ lives }: ResumeDeps, key: TicketKey, so: Resumed): Promise<void> {
  let ticket = key.ticketId;
  try {
    const living = await lives.find(key.organizationId, key.ticketId);
    // Settled since its page was read.
    if (!living || living.view.settled) return;
    ticket = workflowIdOf(living.slug, living.ticket.type, living.ticket.number);
    if (await lives.start(living)) so.started += 1;
    else so.alreadyAlive += 1;
  } catch (error) {
    so.failed.push({ ticket, reason: error instanceof Error ? error.message : String(error) });
  }
}
