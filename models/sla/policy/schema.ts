/** The shape of a policy as administrators send it, held against the types that the rules read. */
import { z } from 'zod';
import { priorities } from '../../tickets/ticket';
import { clockKinds, metrics, stepRecipients, type PolicyRule } from './shape';

const fiveYears = 5 * 366 * 86_400;
const aYear = 366;

const Uuid = z.uuid().toLowerCase();
const Name = z.string().trim().min(1).max(200);
const ConditionText = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .meta({ examples: ['priority=le=P2;requester.isVip==true'] });
const Seconds = z.int().min(1).max(fiveYears);
const StepKey = z
  .string()
  .max(40)
  .regex(
    /^([a-z][a-z0-9]*(-[a-z0-9]+)*|\d{1,6})$/,
    'must be lower-case words with dashes, or a number',
  );

const byPriority = z
  .strictObject({
    P1: Seconds.exactOptional(),
    P2: Seconds.exactOptional(),
    P3: Seconds.exactOptional(),
    P4: Seconds.exactOptional(),
    P5: Seconds.exactOptional(),
  })
  .refine((given) => priorities.some((priority) => given[priority] !== undefined), {
    message: 'must name at least one priority',
  });

const Recipient = z.union([z.enum(stepRecipients), z.strictObject({ userId: Uuid })]);

const StepAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('notify'), to: z.array(Recipient).min(1).max(20) }),
  z.strictObject({ action: z.literal('reassign'), teamId: Uuid }),
  z.strictObject({ action: z.literal('escalate') }),
  z.strictObject({ action: z.literal('declareMajor') }),
  z.strictObject({ action: z.literal('raisePriority') }),
]);

const Repeat = z.strictObject({
  everyMinutes: z.int().min(1).max(10_080),
  times: z.int().min(1).max(100),
  otherwise: StepKey.exactOptional().describe(
    'The step that is taken when nobody has acknowledged after the last time.',
  ),
});

const Offset = z.int().min(-fiveYears).max(fiveYears);

const StepTime = z.union([
  z.strictObject({ percent: z.number().min(0).max(1_000) }),
  z.strictObject({ workingSeconds: Offset }),
  z.strictObject({ seconds: Offset }),
]);

const Step = z.strictObject({
  key: StepKey,
  at: StepTime.exactOptional().describe(
    'Per cent of the target, or seconds after the deadline; before it: negative. Left out: taken only when another step names it.',
  ),
  actions: z.array(StepAction).min(1).max(10),
  repeat: Repeat.exactOptional().describe('Again until somebody acknowledges.'),
});

const Target = z.strictObject({
  id: z
    .string()
    .max(40)
    .regex(
      /^[a-z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
      'must begin with a small letter: letters, digits, dashes',
    )
    .refine(
      (id) => !/-\d+$/.test(id),
      'must not end in a number: so the second clock of a target is named',
    )
    .describe('Of its clock. The same id in another rule is the same clock on other terms.'),
  kind: z.enum(clockKinds),
  metric: z.enum(metrics),
  targetSeconds: z
    .union([byPriority, Seconds, z.strictObject({ facet: z.string().min(1).max(60) })])
    .describe(
      'Working seconds, for all or by priority, or `{ facet }`: what the ticket says under that name. One ' +
        'that is left out is promised nothing.',
    ),
  calendar: z.strictObject({ of: z.enum(['service', 'team']).exactOptional(), calendarId: Uuid }),
  teamId: Uuid.exactOptional(),
  startWhen: ConditionText.exactOptional(),
  pauseWhile: ConditionText.exactOptional(),
  stopWhen: ConditionText.exactOptional(),
  counts: z.enum(['fromOpening', 'fromPromise']).exactOptional(),
  onChange: z.enum(['keepElapsed', 'restart']).exactOptional(),
  ladder: z.array(Step).max(20).exactOptional(),
});

const Waiting = z.strictObject({
  remindAfterHours: z
    .array(
      z
        .number()
        .positive()
        .max(aYear * 24),
    )
    .max(20),
  resolveAfterDays: z.number().positive().max(aYear).exactOptional(),
});

export const PolicyRuleShape = z.strictObject({
  name: Name,
  when: ConditionText.exactOptional().describe('Left out: every ticket.'),
  targets: z.array(Target).max(20),
  waiting: Waiting.exactOptional().describe('What happens while it waits for the customer.'),
});

/** See the type PolicyRule for the meaning of each member; what names other things is checked in check.ts. */
export const PolicyRules = z.array(PolicyRuleShape).min(1).max(50) satisfies z.ZodType<
  readonly PolicyRule[]
>;
