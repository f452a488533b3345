/** What the engine knows of one life. */
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { within, type Engine } from './client';

const describeMs = 5_000;

/** The present or the last run under this id; undefined when the engine knows none. */
export async function describeLife(
  engine: Engine,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await within(engine, describeMs, () =>
      engine.client.workflow.getHandle(workflowId).describe(),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
