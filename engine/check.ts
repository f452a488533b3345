/** Holds PostgreSQL against the engine: what should live but does not, what is late, what was lost. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Database } from '../models/database';
import { isUnsettled, unsettledNamed, type Named } from '../models/tickets/kernel/named';
import type { Engine } from './client';
import { fewAtATime } from './crowd';
import { describeLife } from './describe';
import { taskTrouble } from './stuck';

export interface CheckDeps {
  readonly database: Database;
  readonly engine: Engine;
}

export type Problem =
  | 'not alive'
  | 'outlived'
  | 'foreign life'
  | 'stuck'
  | 'overdue'
  | 'feed gap'
  | 'failed fact'
  | 'not delivered';

export interface Finding {
  readonly problem: Problem;
  /** Its name, which is the id of its life: `acme/incident/INC0000042`. */
  readonly ticket: string;
  readonly detail: string;
}

const describedAtOnce = 12;
/** A life that is just being started or has just ended is looked at again after this. */
const secondLookMs = 3_000;
/** A restart of PostgreSQL costs a step a few. */
const usualAttempts = 3;

/** Describes the life of every unsettled ticket; how many that were, and which are not as they should be. */
export async function checkLives(
  { database, engine }: CheckDeps,
  progress: (lookedAt: number) => void = () => undefined,
): Promise<{ lookedAt: number; findings: Finding[] }> {
  let lookedAt = 0;
  const doubtful: Named[] = [];
  await fewAtATime(unsettledNamed(database), describedAtOnce, async (ticket) => {
    if (await judge(engine, ticket)) doubtful.push(ticket);
    lookedAt += 1;
    progress(lookedAt);
  });
  const findings: Finding[] = [];
  if (doubtful.length > 0) await pause(secondLookMs);
  await fewAtATime(doubtful, describedAtOnce, async (ticket) => {
    if (!(await isUnsettled(database, ticket))) return;
    const finding = await judge(engine, ticket);
    if (finding) findings.push(finding);
  });
  return { lookedAt, findings };
}

async function judge(engine: Engine, ticket: Named): Promise<Finding | undefined> {
  const life = await describeLife(engine, ticket.name);
  const wrong = life ? wrongWith(life, ticket) : notAlive('no life is known');
  return wrong && { ticket: ticket.name, ...wrong };
}

type Wrong = Omit<Finding, 'ticket'>;

function notAlive(detail: string): Wrong {
  return { problem: 'not alive', detail };
}

function wrongWith(life: WorkflowExecutionDescription, { ticketId }: Named): Wrong | undefined {
  if (life.status.name !== 'RUNNING')
    return notAlive(`its life is ${life.status.name.toLowerCase()}`);
  const named = life.memo?.['ticketId'];
  if (named !== ticketId) {
    return { problem: 'foreign life', detail: `the life that runs is of ticket ${String(named)}` };
  }
  const detail = whyStuck(life);
  return detail === undefined ? undefined : { problem: 'stuck', detail };
}

/** Tasks that fail again and again (code that cannot replay), or a step that never gets through. */
function whyStuck(life: WorkflowExecutionDescription): string | undefined {
  const trouble = taskTrouble(life);
  if (trouble !== undefined) return trouble;
  const step = life.raw.pendingActivities?.find(
    ({ activityType, attempt }) => activityType?.name === 'step' && (attempt ?? 0) > usualAttempts,
  );
  if (!step) return undefined;
  return `its step was tried ${step.attempt ?? 0} times: ${step.lastFailure?.message ?? 'no answer'}`;
}
