/** What activities of tasks have in common. */
import type { z } from 'zod';
import type { Doer } from '../../models/audit/record';
import { Refusal } from '../../models/errors';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import type { Work } from '../../models/fulfilment/once';
import type { Json } from '../../models/tickets/ticket';
import type { WorkActivity } from '../tickets/work';

/** An activity of tasks: its input is what the registry says, a refusal is the same at each attempt. */
export function taskActivity<Input>(
  schema: z.ZodType<Input>,
  act: (input: Input, work: Work) => Promise<Json>,
): WorkActivity {
  return async (given, work) => {
    const parsed = schema.safeParse(given);
    if (!parsed.success) throw new HopelessWork(faultsIn(parsed.error));
    try {
      return await act(parsed.data, work);
    } catch (error) {
      if (error instanceof Refusal) throw new HopelessWork(error.message);
      throw error;
    }
  };
}

/** Holdfast itself, for the task: the key leads to its ticket. */
export function doerOf({ idempotencyKey }: Work): Doer {
  return { actor: { kind: 'system', name: 'Holdfast' }, address: '', requestId: idempotencyKey };
}

function faultsIn({ issues }: z.ZodError): string {
  const faults = issues.map(({ path, message }) => `/${path.map(String).join('/')} ${message}`);
  return `The input of the task is wrong: ${faults.join('; ')}`.slice(0, 500);
}
