/** What is said to a request: by orders that open it, by people, and by other lives. */
import { z } from 'zod';
import { channels } from '../../models/tickets/ticket';
import { RoundDecided } from '../approvals/rounds';
import { assignInput } from '../handing';
import { holdInput } from '../holding';
import { TaskEnded } from '../tasks/inputs';

const id = z.uuid();
const reason = z.string().trim().min(1).max(2_000);
const text = z.string().trim().min(1).max(20_000);
const nothing = z.strictObject({});
const task = z.string().min(1).max(60).describe('Key of the task.');

/** Only orders open requests: they have checked the answers, and who may order. */
const open = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    description: text,
    requesterId: id,
    serviceId: id.nullable(),
    categoryId: z.null().default(null),
    teamId: id.nullable().default(null).describe('The one that the item names.'),
    channel: z.enum(channels),
    orderId: id,
    item: z.strictObject({ id, version: z.int() }),
    quantity: z.int().min(1).max(1_000).default(1),
    answers: z.record(z.string(), z.json()),
    startDay: z.iso.date().nullable().default(null),
    coveredById: id.nullable().default(null),
    covers: z.array(id).max(20).default([]),
  })
  .meta({ id: 'OpenRequest' });
export type OpenRequest = z.infer<typeof open>;

/** How the round ended that was asked for several requests of one order. */
export const CoverDecided = z.object({
  result: z.enum(['approved', 'rejected', 'expired', 'recalled']),
  reason: z.string(),
  byId: id.nullable(),
});
export type CoverDecided = z.infer<typeof CoverDecided>;

export const requestInputs = {
  open,
  commands: {
    assign: assignInput('AssignRequest'),
    hold: holdInput('HoldRequest'),
    resume: nothing,
    retryTask: z.strictObject({ task }).meta({ id: 'RetryRequestTask' }),
    skipTask: z.strictObject({ task, reason }).meta({ id: 'SkipRequestTask' }),
    fulfil: z.strictObject({ notes: text.optional() }).meta({ id: 'FulfilRequest' }),
    reopen: z.strictObject({ reason }).meta({ id: 'ReopenRequest' }),
    close: nothing,
    cancel: z.strictObject({ reason }).meta({ id: 'CancelRequest' }),
  },
  signals: {
    approvalDecided: RoundDecided,
    coverDecided: CoverDecided,
    uncovered: z.object({ requestId: id }),
    askYourself: z.object({ reason: z.string() }),
    taskEnded: TaskEnded,
  },
};
