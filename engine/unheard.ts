/** What a life was told and never took, so that the one in its place can be told. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { within, type Engine } from './client';
import { describeLife } from './describe';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

export interface Unheard {
  readonly name: string;
  readonly payload: unknown;
}

const askMs = 5_000;
const pageSize = 200;

/**
 * Signals behind the last task that went through, in the order in which they were sent. What the service
 * sends is owed by the outbox as well and has a cause; what somebody typed stands nowhere else. Nothing
 * when the life under this id is of another ticket.
 */
export async function unheardBy(
  engine: Engine,
  workflowId: string,
  ticketId: string,
): Promise<Unheard[]> {
  const life = await describeLife(engine, workflowId);
  if (life?.memo?.['ticketId'] !== ticketId) return [];
  const unheard: Unheard[] = [];
  for await (const event of newestFirst(engine, workflowId, life.runId)) {
    if (event.workflowTaskCompletedEventAttributes) break;
    const message = messageOf(event);
    if (message) unheard.unshift(message);
  }
  return unheard;
}

async function* newestFirst(
  engine: Engine,
  workflowId: string,
  runId: string,
): AsyncGenerator<HistoryEvent> {
  let nextPageToken = new Uint8Array();
  do {
    const page = await within(engine, askMs, () =>
      engine.connection.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: engine.namespace,
        execution: { workflowId, runId },
        maximumPageSize: pageSize,
        nextPageToken,
      }),
    );
    yield* page.history?.events ?? [];
    nextPageToken = new Uint8Array(page.nextPageToken);
  } while (nextPageToken.length > 0);
}

/** A `look` is nothing to tell: a new life begins with what the row says. */
function messageOf(event: HistoryEvent): Unheard | undefined {
  const sent = event.workflowExecutionSignaledEventAttributes;
  const name = sent?.signalName;
  if (typeof name !== 'string' || name === 'look') return undefined;
  const [payload] = sent?.input?.payloads ?? [];
  try {
    return { name, payload: payload ? defaultPayloadConverter.fromPayload(payload) : undefined };
  } catch {
    // Nobody could read it: the life would have refused it, too.
    return undefined;
  }
}
