/** What people and other lives may say to a problem. */
import { z } from 'zod';
import { LinkTurned } from '../../models/tickets/links';
import { channels, levels } from '../../models/tickets/ticket';
import { assignInput } from '../handing';

export const origins = ['reactive', 'proactive'] as const;
export const fixers = ['us', 'vendor'] as const;
export const onRecurrences = ['reopen', 'ask'] as const;
/** How a problem may end. */
export const problemCodes = [
  ...['fixed', 'riskAccepted', 'notReproducible', 'noFault', 'duplicate', 'obsolete'],
] as const;
/** Incidents from which one problem may be opened; more are linked later. */
const mostAtOnce = 100;

const id = z.uuid();
const reason = z.string().trim().min(1).max(2_000);
const text = z.string().trim().min(1).max(20_000);
/** It goes into a comment on every incident, with some words around it. */
const workaround = z.string().trim().min(1).max(10_000);
const line = z.string().trim().min(1).max(1_000);
const level = z.enum(levels);
const nothing = z.strictObject({});
const instant = z.iso
  .datetime({ offset: true })
  .transform((given) => new Date(given).toISOString())
  .pipe(z.iso.datetime());

const open = z
  .strictObject({
    title: z.string().trim().min(1).max(200).meta({ example: 'Outbox stops every Monday' }),
    description: text.meta({ example: 'Seven incidents since March, always after the backup.' }),
    impact: level.optional(),
    urgency: level.optional(),
    origin: z
      .enum(origins)
      .optional()
      .describe('Default: reactive with incidents, proactive without.'),
    fromIncidentIds: z
      .array(id)
      .max(mostAtOnce)
      .refine((ids) => new Set(ids).size === ids.length, { message: 'name each one once' })
      .default([])
      .describe('Incidents that it causes; for whoever may edit them.'),
    serviceId: id.nullish().transform((given) => given ?? null),
    categoryId: id.nullish().transform((given) => given ?? null),
    requesterId: id.optional().describe('For whom. Default: the caller.'),
    channel: z.enum(channels).default('api'),
  })
  .meta({ id: 'OpenProblem' });
export type OpenProblem = z.infer<typeof open>;

const analyse = z
  .strictObject({
    summary: text.optional().describe('The cause in a few sentences; needed the first time.'),
    whys: z.array(line).max(20).optional().describe('Each asks why of the one before.'),
    contributingCauses: z.array(line).max(50).optional(),
    timeline: z
      .array(z.strictObject({ at: instant, what: line }))
      .max(200)
      .optional(),
  })
  .refine((given) => Object.keys(given).length > 0, { message: 'give at least one field' })
  .describe('What is given replaces what was there; the rest stays.')
  .meta({ id: 'AnalyseProblem' });
export type Analysis = z.infer<typeof analyse>;

const resolve = z
  .strictObject({
    code: z.enum(problemCodes),
    notes: text,
    watchDays: z
      .int()
      .min(0)
      .max(365)
      .optional()
      .describe('For how long it is watched. Default: `problemWatchDays` of the organization.'),
    onRecurrence: z
      .enum(onRecurrences)
      .optional()
      .describe(
        'What a new incident means while it is watched. Default: reopen what was fixed or not reproducible, ' +
          'ask about everything else.',
      ),
  })
  .meta({ id: 'ResolveProblem', example: { code: 'fixed', notes: 'The backup runs at night.' } });
export type Resolve = z.infer<typeof resolve>;

export const problemInputs = {
  open,
  commands: {
    assign: assignInput('AssignProblem'),
    investigate: nothing,
    prioritize: z
      .strictObject({ impact: level.optional(), urgency: level.optional() })
      .refine((given) => given.impact !== undefined || given.urgency !== undefined, {
        message: 'give impact, urgency, or both',
      })
      .meta({ id: 'PrioritizeProblem' }),
    classify: z
      .strictObject({ categoryId: id.nullish(), serviceId: id.nullish() })
      .refine((given) => given.categoryId !== undefined || given.serviceId !== undefined, {
        message: 'give categoryId, serviceId, or both',
      })
      .meta({ id: 'ClassifyProblem' }),
    declareMajor: z.strictObject({ reason }).meta({ id: 'DeclareMajorProblem' }),
    analyse,
    proposeWorkaround: z
      .strictObject({
        text: workaround,
        isPublic: z.boolean().default(false).describe('Requesters read it, too.'),
      })
      .meta({ id: 'ProposeWorkaround' }),
    publishWorkaround: nothing,
    withdrawWorkaround: z.strictObject({ reason }).meta({ id: 'WithdrawWorkaround' }),
    recordKnownError: z
      .strictObject({
        symptoms: text.describe('How it shows, in the words of those who meet it.'),
        isPublic: z.boolean().default(false).describe('Requesters find it once it is published.'),
      })
      .meta({ id: 'RecordKnownError' }),
    publishKnownError: nothing,
    retireKnownError: z
      .strictObject({ reason: reason.optional() })
      .meta({ id: 'RetireKnownError' }),
    startFix: z
      .strictObject({ by: z.enum(fixers).default('us'), notes: text.optional() })
      .meta({ id: 'StartFix' }),
    resolve,
    reopen: z.strictObject({ reason }).meta({ id: 'ReopenProblem' }),
    reportRecurrence: z
      .strictObject({
        ticketId: id.optional().describe('The incident in which it came again.'),
        note: line.optional(),
      })
      .meta({ id: 'ReportRecurrence' }),
    review: z.strictObject({ findings: text }).meta({ id: 'ReviewProblem' }),
    close: nothing,
    cancel: z.strictObject({ reason }).meta({ id: 'CancelProblem' }),
  },
  signals: { linkedEnded: LinkTurned },
};
