/** The way of one mail: tried until it is sent, refused for good, or three days are over. The row says which. */
import * as wf from '@temporalio/workflow';

/** The argument of the workflow. A wire format: fields are only added. */
export interface MailOrder {
  readonly organizationId: string;
  readonly mailId: string;
}

export interface Delivery extends MailOrder {
  /** An attempt that fails after this instant was the last. */
  readonly until: string;
}

export interface MailActivities {
  /** Returns when the row says sent or given up; throws to be tried again. */
  deliver(delivery: Delivery): Promise<void>;
}

const patienceMs = 3 * 24 * 3_600_000;

const { deliver } = wf.proxyActivities<MailActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30m' },
});

export async function mail(order: MailOrder): Promise<void> {
  const since = wf.workflowInfo().startTime.getTime();
  await deliver({ ...order, until: new Date(since + patienceMs).toISOString() });
}
