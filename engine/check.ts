/** Holds PostgreSQL against the engine: what should live but does not, what is late, what was lost. */
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Database } from '../models/database';
import { isUnsettled, unsettledNamed, type Named } from '../models/tickets/kernel/named';
import { within, type Engine } from './client';
import { fewAtATime } from './crowd';

export interface CheckDeps {
  readonly database: Database;
  readonly engine: Engine;
}

export type Problem =
  'not alive' | 'foreign life' | 'stuck' | 'overdue' | 'feed gap' | 'failed fact' | 'not delivered';

export interface Finding {
  readonly problem: Problem;
  /** Its name, which is the id of its life: `acme/incident/INC0000042`. */
  readonly ticket: string;
  readonly detail: string;
}

const describedAtOnce = 12;
const describeMs = 5_000;
/** A life that is just being started or has just ended is looked at again after this. */
const secondLookMs = 3_000;
/** Two tries fail in a usual restart of a worker; more is a life that cannot replay. */
const usualAttempts = 3;

const reportedProblems = defineSearchAttributeKey('TemporalReportedProblems', 'KEYWORD_LIST');

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
  const life = await describe(engine, ticket.name);
  const wrong = life ? wrongWith(life, ticket) : notAlive('no life is known');
  return wrong && { ticket: ticket.name, ...wrong };
}

async function describe(engine: Engine, workflowId: string) {
  try {
    return await within(engine, describeMs, () =>
      engine.client.workflow.getHandle(workflowId).describe(),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
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
function whyStuck({
  raw,
  typedSearchAttributes,
}: WorkflowExecutionDescription): string | undefined {
  const reported = typedSearchAttributes.get(reportedProblems);
  if (reported && reported.length > 0) return reported.join(', ');
  const tasks = raw.pendingWorkflowTask?.attempt ?? 0;
  if (tasks > usualAttempts) return `its task was tried ${tasks} times`;
  const step = raw.pendingActivities?.find(
    ({ activityType, attempt }) => activityType?.name === 'step' && (attempt ?? 0) > usualAttempts,
  );
  if (!step) return undefined;
  return `its step was tried ${step.attempt ?? 0} times: ${step.lastFailure?.message ?? 'no answer'}`;
}
