/** The bare engine as a client drives it: what the API does for a life, and nothing else. */
import { randomUUID } from 'node:crypto';
import { defineSearchAttributeKey } from '@temporalio/common';
import { openEngine, within } from '../../../engine/client';
import { searchAttributes } from '../../../engine/view';
import type { StepAnswer, StepRequest } from '../../../workflows/life/wire';
import type { Rig } from '../../rig/rig';
import type { Part } from '../../rig/part';
import { until } from '../../stack/wait';
import { createSteps, openSteps } from './steps';

export interface BareEngine {
  readonly worker: Part;
  /** One row, then a life: the id of the life. */
  readonly open: () => Promise<string>;
  /** An update whose handler writes one row. */
  readonly command: (lifeId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const taskQueue = 'bare';
/** As the API waits (engine/lives.ts, api/tickets/decide.ts). */
const startMs = 1_500;
const commandMs = 8_000;

/** Starts its worker and waits for the first answer. */
export async function openBareEngine(rig: Rig): Promise<BareEngine> {
  await createSteps(rig.database.ownerUrl);
  const worker = await rig.add('bare worker', 'scripts/bench/bare/worker.ts', {
    TEMPORAL_TASK_QUEUE: taskQueue,
  });
  const engine = openEngine({ address: rig.temporalAddress, namespace: 'default', taskQueue });
  const steps = openSteps({ url: rig.database.url, poolMax: 12 });
  const { workflow } = engine.client;
  const bare: BareEngine = {
    worker,
    open: async () => {
      const workflowId = `bench/bare/${randomUUID()}`;
      await steps.write(workflowId);
      await within(engine, startMs, () => workflow.start('bare', startOptions(workflowId)));
      return workflowId;
    },
    command: async (lifeId) => {
      await within(engine, commandMs, () =>
        workflow.getHandle(lifeId).executeUpdate<StepAnswer, [StepRequest]>('command', {
          updateId: randomUUID(),
          args: [stepOf(lifeId)],
        }),
      );
    },
    close: async () => {
      await engine.close();
      await steps.close();
    },
  };
  await worker.start();
  await until(() => bare.open().then(bare.command).then(isDone), {
    what: 'The bare engine',
    withinMs: 60_000,
    hopeless: worker.hopeless,
  });
  return bare;
}

const isDone = () => true;

/** As engine/lives.ts starts a life, word by word. */
function startOptions(workflowId: string) {
  return {
    workflowId,
    taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    workflowIdConflictPolicy: 'FAIL' as const,
    workflowTaskTimeout: '5s' as const,
    memo: { ticketId: workflowId, organizationId: taskQueue },
    staticSummary: workflowId,
    typedSearchAttributes: searchAttributes.map((name) => ({
      key: defineSearchAttributeKey(name, 'KEYWORD'),
      value: name,
    })),
    priority: { priorityKey: 3, fairnessKey: taskQueue },
  };
}

function stepOf(ticketId: string): StepRequest {
  const fact = { name: 'resolve', via: 'api' as const, cause: randomUUID() };
  return { organizationId: taskQueue, ticketId, type: 'bare', life: 1, fact };
}
