/** Brings back what the engine has lost: PostgreSQL alone knows every ticket that has to live. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../models/database';
import { workflowIdOf } from '../workflows/process';
import { isEngineAway } from './client';
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
/** An engine that has just got an empty store is slow: what it did not take in time is offered again. */
const rounds = 6;
const roundMs = 2_000;

/** Starts every unsettled ticket that does not live, then sends again what was not confirmed. Safe to repeat. */
export async function resumeAll(
  deps: ResumeDeps,
  progress: (so: Readonly<Resumed>) => void = () => undefined,
): Promise<Resumed> {
  const so: Resumed = { lookedAt: 0, started: 0, alreadyAlive: 0, sentAgain: 0, failed: [] };
  let left: AsyncIterable<TicketKey> | TicketKey[] = unsettled(deps.database);
  for (let round = 1; round <= rounds; round += 1) {
    const isLast = round === rounds;
    const slow: TicketKey[] = [];
    await fewAtATime(left, startsAtOnce, async (key) => {
      const isDone = await resume(deps, key, { so, isLast });
      if (!isDone) slow.push(key);
      else so.lookedAt += 1;
      progress(so);
    });
    if (slow.length === 0) break;
    left = slow;
    await pause(roundMs);
  }
  so.sentAgain = await sendAgain(deps.database);
  return so;
}

/** False when the engine did not answer in time and there is another round. */
async function resume(
  { lives }: ResumeDeps,
  key: TicketKey,
  { so, isLast }: { so: Resumed; isLast: boolean },
): Promise<boolean> {
  let ticket = key.ticketId;
  try {
    const living = await lives.find(key.organizationId, key.ticketId);
    // Settled since its page was read.
    if (!living || living.view.settled) return true;
    ticket = workflowIdOf(living.slug, living.ticket.type, living.ticket.number);
    if (await lives.start(living)) so.started += 1;
    else so.alreadyAlive += 1;
  } catch (error) {
    if (!isLast && isEngineAway(error)) return false;
    so.failed.push({ ticket, reason: reasonOf(error) });
  }
  return true;
}

/** The SDK says only `Failed to start Workflow`; why stands in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
