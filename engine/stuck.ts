/** Lives that cannot go on because their tasks fail: found, with since when and why. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { tsToDate } from '@temporalio/common/lib/time';
import { toInstant, type Instant } from '../models/instant';
import type { Database } from '../models/database';
import { unsettledNamed } from '../models/tickets/kernel/named';
import { within, type Engine } from './client';
import { fewAtATime } from './crowd';
import { describeLife } from './describe';

export interface StuckLife {
  /** Id of the life, which is the name of its ticket: `acme/incident/INC0000042`. */
  readonly name: string;
  /** When the first of the tasks failed that have failed since; null when its history does not say. */
  readonly since: Instant | null;
  /** What the worker said, or what Temporal reports. */
  readonly cause: string;
}

export interface StuckDeps {
  readonly database: Database;
  readonly engine: Engine;
}

const askedAtOnce = 12;
const askMs = 5_000;
/** Two tries fail in a usual restart of a worker; more is a life that cannot replay. */
const usualAttempts = 3;

const reportedProblems = defineSearchAttributeKey('TemporalReportedProblems', 'KEYWORD_LIST');

/**
 * What Temporal reports comes from its list, which follows with a delay; so the life of every unsettled
 * ticket is described, too. Sorted by name.
 */
export async function stuckLives(
  { database, engine }: StuckDeps,
  progress: (lookedAt: number) => void = () => undefined,
): Promise<StuckLife[]> {
  const found = new Map<string, StuckLife>();
  let lookedAt = 0;
  const look = async (name: string) => {
    const life = await describeLife(engine, name);
    const trouble = life?.status.name === 'RUNNING' ? taskTrouble(life) : undefined;
    if (life && trouble !== undefined) found.set(name, await explained(engine, life, trouble));
    lookedAt += 1;
    progress(lookedAt);
  };
  await fewAtATime(reportedLives(engine), askedAtOnce, look);
  await fewAtATime(unsettledNamed(database), askedAtOnce, async ({ name }) => {
    if (!found.has(name)) await look(name);
  });
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Why the tasks of a life seem to fail again and again, or undefined. */
export function taskTrouble(life: WorkflowExecutionDescription): string | undefined {
  const reported = life.typedSearchAttributes.get(reportedProblems);
  if (reported && reported.length > 0) return reported.join(', ');
  const attempt = life.raw.pendingWorkflowTask?.attempt ?? 0;
  return attempt > usualAttempts ? `its task was tried ${attempt} times` : undefined;
}

const countMs = 1_500;

/** How many Temporal reports, by its index, which is a moment behind. */
export function countStuckLives(engine: Engine): Promise<number> {
  return within(engine, countMs, async () => {
    const { count } = await engine.client.workflow.count(reportedIn(engine));
    return count;
  });
}

/** Page by page. */
async function* reportedLives(engine: Engine): AsyncGenerator<string> {
  const query = reportedIn(engine);
  for await (const { workflowId } of engine.client.workflow.list({ query, pageSize: 200 })) {
    yield workflowId;
  }
}

/** Other installations may share the namespace; they have task queues of their own. Mails are no lives. */
function reportedIn({ taskQueue }: Engine): string {
  return (
    `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}' AND WorkflowType != 'mail' ` +
    'AND TemporalReportedProblems IS NOT NULL'
  );
}

/** Only the first of a row of failures stands in a history; it is among the last events. */
async function explained(
  engine: Engine,
  { workflowId, runId }: WorkflowExecutionDescription,
  trouble: string,
): Promise<StuckLife> {
  const { history } = await within(engine, askMs, () =>
    engine.connection.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: engine.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 20,
    }),
  );
  const event = (history?.events ?? []).find((one) => one.workflowTaskFailedEventAttributes);
  const said = event?.workflowTaskFailedEventAttributes?.failure?.message ?? '';
  const since = event?.eventTime ? toInstant(tsToDate(event.eventTime)) : null;
  return { name: workflowId, since, cause: said === '' ? trouble : said };
}
