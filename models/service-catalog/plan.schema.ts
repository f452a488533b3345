/** The shape of a plan of fulfilment as designers send it, held against the types that the rules read. */
import { z } from 'zod';
import type { Plan } from '../fulfilment/shape';
import { AnyJson, ConditionText, Description, Id, Title } from './fields.schema';

const mostTasks = 50;
const furthestDays = 3_650;

const Key = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words with dashes');
const Days = z.int().min(-furthestDays).max(furthestDays);
const Input = z.record(z.string().max(100), AnyJson).default({});
/** As long as whoever completes a task may say it. */
const Outcome = z.string().trim().min(1).max(60);
const Activity = z.string().min(1).max(100).describe('Name of a registered activity.');

const ofEvery = {
  key: Key.describe('Unique in the plan.'),
  title: Title,
  after: z
    .array(Key)
    .max(mostTasks)
    .default([])
    .describe('Keys of tasks that come before. Those that name the same run in parallel.'),
  when: ConditionText.nullable()
    .default(null)
    .describe('Over `answers.<property>` and `results.<task>`, when its turn has come.'),
  notBeforeDays: Days.nullable()
    .default(null)
    .describe('Not before this day, counted from the start day; before it: negative.'),
};

const ManualTask = z.strictObject({
  kind: z.literal('manual'),
  ...ofEvery,
  description: Description.default(''),
  teamId: Id.nullable().default(null).describe('null: by the rules of assignment for tasks.'),
  dueDays: Days.nullable().default(null).describe('Done by the end of this day.'),
  outcomes: z
    .array(Outcome)
    .min(1)
    .max(20)
    .default(['done'])
    .describe('What whoever does it may say of it: `results.<task>`; the first is the usual one.'),
  undo: z
    .strictObject({ title: Title, description: Description.default('') })
    .nullable()
    .default(null),
});

const AutomaticTask = z.strictObject({
  kind: z.literal('automatic'),
  ...ofEvery,
  activity: Activity,
  input: Input.describe(
    '`{answers.laptop}` stands for that answer, `{results.account}` for a result.',
  ),
  attempts: z.int().min(1).max(100).default(5),
  undo: z.strictObject({ activity: Activity, input: Input }).nullable().default(null),
});

export const PlanInput = z
  .strictObject({
    tasks: z.array(z.discriminatedUnion('kind', [ManualTask, AutomaticTask])).max(mostTasks),
    startDay: z
      .string()
      .max(60)
      .nullable()
      .default(null)
      .describe('The answer, a date, from which days are counted; null: the day it begins.'),
    onFailure: z
      .enum(['undo', 'ask'])
      .default('ask')
      .describe('When a task fails for good: undo what was done, or a person decides.'),
  })
  .meta({ id: 'Plan' }) satisfies z.ZodType<Plan>;
