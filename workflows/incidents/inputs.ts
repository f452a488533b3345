/** What people and programs may say to an incident; used by HTTP, OpenAPI and the step alike. */
import { z } from 'zod';
import { LinkTurned } from '../../models/tickets/links';
import { channels, levels, priorities } from '../../models/tickets/ticket';
import { WorkaroundPublished } from '../problems/messages';
import { assignInput } from '../handing';
import { holdInput } from '../holding';

const id = z.uuid();
const reason = z.string().trim().min(1).max(2_000);
/** Characters that a description, notes or a comment may have. */
export const longestText = 20_000;
const text = z.string().trim().min(1).max(longestText);
const level = z.enum(levels);
const nothing = z.strictObject({});

const open = z
  .strictObject({
    title: z.string().trim().min(1).max(200).meta({ example: 'Mail does not leave the outbox' }),
    description: text.meta({ example: 'Since 9:10 nothing is sent. Receiving works.' }),
    impact: level,
    urgency: level,
    serviceId: id.nullish().transform((given) => given ?? null),
    categoryId: id.nullish().transform((given) => given ?? null),
    requesterId: id.optional().describe('For whom; agents only. Default: the caller.'),
    channel: z.enum(channels).default('api'),
  })
  .meta({ id: 'OpenIncident' });

const prioritize = z
  .strictObject({
    impact: level.optional(),
    urgency: level.optional(),
    override: z.enum(priorities).nullish().describe('Managers only; null takes an override back.'),
    reason: reason.optional(),
  })
  .refine((given) => [given.impact, given.urgency, given.override].some((v) => v !== undefined), {
    message: 'give impact, urgency or override',
  })
  .refine((given) => typeof given.override !== 'string' || given.reason !== undefined, {
    message: 'an override needs a reason',
    path: ['reason'],
  })
  .meta({ id: 'PrioritizeIncident' });

const classify = z
  .strictObject({ categoryId: id.nullish(), serviceId: id.nullish() })
  .refine((given) => given.categoryId !== undefined || given.serviceId !== undefined, {
    message: 'give categoryId, serviceId, or both',
  })
  .meta({ id: 'ClassifyIncident' });

const escalate = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('functional'), teamId: id, reason: reason.optional() }),
    z.strictObject({
      kind: z.literal('hierarchical'),
      level: z.number().int().min(1).max(5).optional().describe('Default: one higher.'),
      reason,
    }),
  ])
  .meta({ id: 'EscalateIncident' });

/** Minutes between public updates: as often as every five, at least once a week. */
const minutes = z.int().min(5).max(10_080);

const declareMajor = z
  .strictObject({
    reason,
    coordinatorId: id.optional().describe('An agent. Default: the caller.'),
    updateEveryMinutes: minutes
      .nullish()
      .describe('Between public updates. Default: 30 for P1, else 60; null: none are due.'),
    communication: text.optional().describe('The first public update.'),
  })
  .meta({ id: 'DeclareMajorIncident' });
export type DeclareMajor = z.infer<typeof declareMajor>;

const postUpdate = z
  .strictObject({
    body: text,
    nextInMinutes: minutes
      .optional()
      .describe('Until the one after this. Default: updateEveryMinutes.'),
  })
  .meta({ id: 'PostMajorUpdate' });
export type PostUpdate = z.infer<typeof postUpdate>;

/** What a part is told; what the update says is read when it arrives. */
const parentUpdated = z.object({ ticketId: id });
export type ParentUpdated = z.infer<typeof parentUpdated>;

export const incidentInputs = {
  open,
  commands: {
    assign: assignInput('AssignIncident'),
    start: nothing,
    hold: holdInput('HoldIncident'),
    resume: nothing,
    prioritize,
    classify,
    escalate,
    deescalate: z.strictObject({ reason: reason.optional() }).meta({ id: 'DeescalateIncident' }),
    acknowledge: nothing,
    declareMajor,
    coordinate: z.strictObject({ coordinatorId: id }).meta({ id: 'CoordinateMajorIncident' }),
    postUpdate,
    standDownMajor: z.strictObject({ reason: reason.optional() }).meta({ id: 'StandDownMajor' }),
    resolve: z
      .strictObject({ code: z.string().min(1).max(60), notes: text })
      .meta({ id: 'ResolveIncident', example: { code: 'solved', notes: 'Queue restarted.' } }),
    reviewMajor: z.strictObject({ findings: text }).meta({ id: 'ReviewMajorIncident' }),
    reopen: z.strictObject({ reason }).meta({ id: 'ReopenIncident' }),
    close: nothing,
    cancel: z.strictObject({ reason }).meta({ id: 'CancelIncident' }),
  },
  signals: {
    linkedEnded: LinkTurned,
    linkedReopened: LinkTurned,
    parentUpdated,
    workaroundPublished: WorkaroundPublished,
  },
};
