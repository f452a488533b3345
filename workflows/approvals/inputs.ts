/** What people and other lives may say to a round of approval. */
import { z } from 'zod';
import { ApproverSpec } from '../../models/approvals/approvers';
import { Quorum } from '../../models/approvals/quorum';
import { Shown } from '../../models/approvals/shown';
import { channels } from '../../models/tickets/ticket';

/** What comes by the engine has passed no door of the API, which refuses what PostgreSQL cannot hold. */
const isStorable = (given: string) => !given.includes('\u0000') && !/\p{Surrogate}/u.test(given);
const text = z.string().trim().min(1).max(20_000).refine(isStorable, {
  message: 'contains U+0000 or half a character',
});
const comment = text.optional();
const nothing = z.strictObject({});
const shown = Shown.refine((given) => JSON.stringify(given).length <= 100_000, {
  message: 'is longer than 100 kB',
}).describe('What the answer is about, by name. When it changes, answers fall.');

/** Ways in which time can run out. */
export const expiries = ['approve', 'reject', 'expire'] as const;

const open = z
  .strictObject({
    title: z.string().trim().min(1).max(200).meta({ example: 'A second monitor for Ada' }),
    description: text.meta({ example: 'She edits films. 240 EUR.' }),
    subjectId: z.uuid().nullish().describe('The ticket that it is about; it is told the outcome.'),
    shown: shown.default({}),
    approvers: z
      .array(ApproverSpec)
      .min(1)
      .max(50)
      .meta({ example: [{ kind: 'role', id: 'manager' }] }),
    quorum: Quorum.default({ kind: 'everyone' }),
    mayApproveOwn: z.boolean().default(false).describe('Whether the requester may answer, too.'),
    barredIds: z
      .array(z.uuid())
      .max(50)
      .default([])
      .describe('People who may not answer, such as whoever carries it out.'),
    answersByEngine: z
      .boolean()
      .default(true)
      .describe(
        'Whether answers count that come by the Temporal Web UI or CLI, where nobody signs in.',
      ),
    expiresInHours: z.number().positive().max(8_760).default(168),
    onExpiry: z.enum(expiries).default('reject'),
    remindEveryHours: z.number().positive().max(8_760).nullable().default(24),
    requesterId: z.uuid().optional().describe('Whose question it is. Default: the caller.'),
    serviceId: z
      .uuid()
      .nullish()
      .transform((given) => given ?? null),
    categoryId: z
      .null()
      .optional()
      .transform(() => null),
    channel: z.enum(channels).default('api'),
  })
  .meta({ id: 'OpenApproval' });
export type OpenApproval = z.infer<typeof open>;

/** `by` is read only in answers that come straight by the engine: the API knows who calls. */
const by = z
  .string()
  .min(1)
  .max(254)
  .optional()
  .describe('Id or email of the approver; only for answers by the Temporal Web UI or CLI.');

const answer = z.strictObject({ comment, by }).meta({ id: 'AnswerApproval' });

export const approvalInputs = {
  open,
  commands: {
    remind: nothing,
    recall: z.strictObject({ reason: text.optional() }).meta({ id: 'RecallApproval' }),
    recordDecision: z
      .strictObject({
        result: z.enum(['approved', 'rejected']),
        comment,
        attendeeIds: z.array(z.uuid()).max(100).default([]).describe('Who was there.'),
      })
      .meta({ id: 'RecordDecision' }),
  },
  signals: {
    approve: answer,
    reject: answer,
    abstain: answer,
    ask: z.strictObject({ comment: text, by }).meta({ id: 'AskOnApproval' }),
    recheck: nothing,
    restated: z.strictObject({
      shown,
      barredIds: z.array(z.uuid()).optional(),
      expiresInHours: z.number().positive().max(8_760).optional(),
    }),
    withdrawn: z.strictObject({ reason: z.string() }),
  },
};
