/** The bare engine: one timer, and an update whose handler writes one row by a local activity. */
import * as wf from '@temporalio/workflow';
import type { LifeActivities, StepAnswer, StepRequest } from '../../../workflows/life/wire';

export const command = wf.defineUpdate<StepAnswer, [StepRequest]>('command');

const { step } = wf.proxyLocalActivities<LifeActivities>({
  startToCloseTimeout: '2s',
  retry: { maximumAttempts: 2, initialInterval: '100ms', backoffCoefficient: 1 },
});

export async function bare(): Promise<void> {
  wf.setHandler(command, (sent) => step(sent), {
    validator: (sent: StepRequest) => {
      if (sent.ticketId === '') throw wf.ApplicationFailure.nonRetryable('Which one?');
    },
  });
  await wf.sleep('30 days');
}
