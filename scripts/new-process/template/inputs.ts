/** What people and programs may say to a specimen; used by HTTP, OpenAPI and the step alike. */
import { z } from 'zod';
import { channels } from '../../../models/tickets/ticket';
import { assignInput } from '../../../workflows/handing';

const id = z.uuid();
const reason = z.string().trim().min(1).max(2_000);
const text = z.string().trim().min(1).max(20_000);

const open = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    description: text,
    serviceId: id.nullish().transform((given) => given ?? null),
    categoryId: id.nullish().transform((given) => given ?? null),
    requesterId: id.optional().describe('For whom; agents only. Default: the caller.'),
    channel: z.enum(channels).default('api'),
  })
  .meta({ id: 'OpenSample' });

export const sampleInputs = {
  open,
  commands: {
    assign: assignInput('AssignSample'),
    start: z.strictObject({}),
    finish: z.strictObject({ outcome: text }).meta({ id: 'FinishSample' }),
    cancel: z.strictObject({ reason }).meta({ id: 'CancelSample' }),
  },
  signals: {},
};
