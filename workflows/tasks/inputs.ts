/** What is said to a task: by the ticket that asks for it, and by whoever does it. */
import { z } from 'zod';
import { channels } from '../../models/tickets/ticket';
import { assignInput } from '../handing';

const id = z.uuid();
const reason = z.string().trim().min(1).max(2_000);
const nothing = z.strictObject({});

/** Only other lives open tasks, so this is no door of the API. */
const open = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    description: z.string().trim().min(1).max(20_000),
    requesterId: id,
    serviceId: id.nullable(),
    categoryId: z.null().default(null),
    channel: z.enum(channels),
    subjectId: id,
    key: z.string(),
    isUndo: z.boolean().default(false),
    outcomes: z.array(z.string()).min(1).default(['done']),
    teamId: id.nullable().default(null),
    dueAt: z.iso.datetime().nullable().default(null),
  })
  .meta({ id: 'OpenTask' });
export type OpenTask = z.infer<typeof open>;

/** How a task ended, for the ticket that asked for it. */
export const TaskEnded = z.object({
  taskId: id,
  key: z.string(),
  isUndo: z.boolean(),
  isDone: z.boolean().describe('False: it cannot be done.'),
  outcome: z.string().nullable(),
  note: z.string().nullable(),
});
export type TaskEnded = z.infer<typeof TaskEnded>;

export const taskInputs = {
  open,
  commands: {
    assign: assignInput('AssignTask'),
    start: nothing,
    complete: z
      .strictObject({
        outcome: z.string().max(60).optional().describe('One of `outcomes`; default: the first.'),
        note: z.string().trim().min(1).max(20_000).optional(),
      })
      .meta({ id: 'CompleteTask' }),
    cancel: z.strictObject({ reason }).meta({ id: 'CancelTask' }),
  },
  signals: { withdrawn: z.object({ reason: z.string() }) },
};
