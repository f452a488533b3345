/** What people and other lives may say to a change. */
import { z } from 'zod';
import { PlansInput, RiskAnswersInput } from '../../models/changes/risk.schema';
import { channels } from '../../models/tickets/ticket';
import { RoundDecided } from '../approvals/rounds';
import { assignInput } from '../handing';

export const kinds = ['standard', 'normal', 'emergency'] as const;
export const outcomes = ['successful', 'successfulWithIssues', 'failed', 'backedOut'] as const;

const id = z.uuid();
const title = z.string().trim().min(1).max(200);
const text = z.string().trim().min(1).max(20_000);
const reason = z.string().trim().min(1).max(2_000);
const nothing = z.strictObject({});

const instant = z.iso
  .datetime({ offset: true })
  .transform((given) => new Date(given).toISOString())
  .pipe(z.iso.datetime());

const window = z
  .strictObject({ start: instant, end: instant })
  .refine(({ start, end }) => end > start, { message: 'must end after it starts', path: ['end'] })
  .describe('Half-open: it may begin at `start`, and is to be over at `end`.');

/** What is planned; each absent one stays as it is. */
const plan = {
  serviceIds: z.array(id).max(100).describe('Services that it touches.'),
  configurationItems: z
    .array(z.string().trim().min(1).max(200))
    .max(200)
    .describe('References to configuration items.'),
  plans: PlansInput,
  risk: RiskAnswersInput.nullable().describe('Answers from which the risk is assessed.'),
  window: window.nullable(),
  cost: z.number().min(0).max(1e12).nullable(),
  backOutMinutes: z.int().min(0).max(10_080).describe('How long going back takes.'),
  freezeException: z
    .strictObject({ reason })
    .nullable()
    .describe('Asks to be done in spite of a freeze; approved with the change.'),
  boardId: id.nullable().describe('The board that decides at high risk; null: the first one.'),
};

const open = z
  .strictObject({
    title: title.meta({ example: 'Renew the certificate of the mail gateway' }),
    description: text.meta({ example: 'The present one ends in two weeks.' }),
    kind: z.enum(kinds).default('normal'),
    templateId: id.nullish().describe('Needed for a standard change.'),
    ...plan,
    serviceIds: plan.serviceIds.default([]),
    configurationItems: plan.configurationItems.default([]),
    plans: plan.plans.default({}),
    risk: plan.risk.default(null),
    window: plan.window.default(null),
    cost: plan.cost.default(null),
    backOutMinutes: plan.backOutMinutes.default(30),
    freezeException: plan.freezeException.default(null),
    boardId: plan.boardId.default(null),
    serviceId: id
      .nullish()
      .transform((given) => given ?? null)
      .describe('The service that it is mainly about.'),
    categoryId: id.nullish().transform((given) => given ?? null),
    requesterId: id.optional().describe('For whom. Default: the caller.'),
    channel: z.enum(channels).default('api'),
  })
  .refine((given) => given.kind !== 'standard' || typeof given.templateId === 'string', {
    message: 'is needed for a standard change',
    path: ['templateId'],
  })
  .meta({ id: 'OpenChange' });
export type OpenChange = z.infer<typeof open>;

const edit = z
  .strictObject(plan)
  .partial()
  .refine((given) => Object.keys(given).length > 0, { message: 'give at least one field' })
  .meta({ id: 'PlanChange' });
export type PlanChange = z.infer<typeof edit>;

export const changeInputs = {
  open,
  commands: {
    assign: assignInput('AssignChange'),
    plan: edit,
    submit: nothing,
    requestApproval: nothing,
    revise: z.strictObject({ reason: reason.optional() }).meta({ id: 'ReviseChange' }),
    reject: z.strictObject({ reason }).meta({ id: 'RejectChange' }),
    addTask: z
      .strictObject({
        title,
        order: z.int().min(1).max(1_000).default(1).describe('Lower ones come first.'),
        assigneeId: id.nullable().default(null),
      })
      .meta({ id: 'AddChangeTask' }),
    completeTask: z
      .strictObject({ taskId: id, note: text.optional() })
      .meta({ id: 'CompleteChangeTask' }),
    dropTask: z
      .strictObject({ taskId: id, reason: reason.optional() })
      .meta({ id: 'DropChangeTask' }),
    implement: nothing,
    backOut: z.strictObject({ reason }).meta({ id: 'BackOutChange' }),
    complete: z
      .strictObject({
        outcome: z.enum(outcomes).optional().describe('Needed, but when it was backed out.'),
        notes: text.optional(),
      })
      .meta({ id: 'CompleteChange' }),
    review: z.strictObject({ findings: text }).meta({ id: 'ReviewChange' }),
    close: nothing,
    cancel: z.strictObject({ reason }).meta({ id: 'CancelChange' }),
  },
  signals: { approvalDecided: RoundDecided },
};
