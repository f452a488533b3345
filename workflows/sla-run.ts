/**
 * A run over many tickets, batch after batch, until its row says that it is over. How far it has come stands
 * in the row, so a batch that is repeated does nothing twice.
 */
import * as wf from '@temporalio/workflow';

/** The argument of the workflow. A wire format: fields are only added. */
export interface RunOrder {
  readonly organizationId: string;
  readonly runId: string;
  /** Events after which a run continues as new; absent: when the engine suggests it, at 2,000 at the latest. */
  readonly eventsARun?: number;
}

/** What a batch says of the run. */
export interface RunProgress {
  readonly isOver: boolean;
  /** Markdown for the Web UI. */
  readonly shown: string;
  /** Nothing is to be done before that instant. */
  readonly wakeAt?: string;
  /** How long to leave the engine to others. */
  readonly pauseMs?: number;
}

export interface SlaRunActivities {
  /** Does the next batch; throws to be tried again. */
  slaRunBatch(order: RunOrder): Promise<RunProgress>;
}

export const progress = wf.defineQuery<string>('progress');

const usualEvents = 2_000;
/** A clock of the engine may be ahead of that of the database. */
const shortestMs = 1_000;

const { slaRunBatch } = wf.proxyActivities<SlaRunActivities>({
  startToCloseTimeout: '15s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

export async function slaRun(order: RunOrder): Promise<void> {
  let shown = 'It has not begun.';
  wf.setHandler(progress, () => shown);
  for (;;) {
    const so = await slaRunBatch(order);
    ({ shown } = so);
    wf.setCurrentDetails(shown);
    if (so.isOver) return;
    await rest(so);
    if (isLong(order)) await wf.continueAsNew<typeof slaRun>(order);
  }
}

async function rest({ wakeAt, pauseMs }: RunProgress): Promise<void> {
  if (wakeAt !== undefined) {
    const ms = Math.max(Date.parse(wakeAt) - Date.now(), shortestMs);
    await wf.sleep(ms, { summary: 'Until it counts' });
  } else if (pauseMs !== undefined) {
    await wf.sleep(pauseMs, { summary: 'Leaves the engine to others' });
  }
}

function isLong({ eventsARun = usualEvents }: RunOrder): boolean {
  const { historyLength, continueAsNewSuggested } = wf.workflowInfo();
  return continueAsNewSuggested || historyLength >= eventsARun;
}
