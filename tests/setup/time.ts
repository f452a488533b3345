/** Virtual time of one workflow on the real server: its clock jumps, timers on the way fire. */
import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { msToTs } from '@temporalio/common/lib/time';
import type { Engine } from '../../engine/client';

const completed = ['2', 'FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED'];
const ended = ['3', 'FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED'];

/** Moves a life's clock forward; returns when it is there, or when the life has ended on the way. */
export async function advance(engine: Engine, workflowId: string, seconds: number): Promise<void> {
  const { namespace, connection } = engine;
  const fastForwardId = randomUUID();
  const workflowExecution = { workflowId };
  await connection.workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        fastForwardConfig: { id: fastForwardId, duration: msToTs(seconds * 1_000) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { fastForwardPollingResult: said } =
      await connection.workflowService.pollWorkflowExecutionTimeSkipping({
        namespace,
        workflowExecution,
        fastForwardId,
      });
    if ([...completed, ...ended].includes(String(said))) return;
    await pause(20);
  }
  throw new Error(`The clock of ${workflowId} did not move by ${seconds} s`);
}
