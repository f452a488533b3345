/** What only requests have, beside the fields of every ticket. */
import { z } from 'zod';
import { taskStates } from '../../models/fulfilment/progress';
import type { Json } from '../../models/tickets/ticket';
import { RoundsShape } from '../approvals/rounds';
import { HoldShape } from '../holding';

const at = z.iso.datetime();
const value: z.ZodType<Json> = z.json();

const Task = z.object({
  key: z.string(),
  title: z.string(),
  kind: z.enum(['manual', 'automatic']),
  state: z.enum(taskStates),
  ticketId: z.uuid().nullable().describe('The task of whoever does it by hand, or undoes it.'),
  result: value,
  place: z.int().nullable(),
  startedAt: at.nullable(),
  endedAt: at.nullable(),
  dueAt: at.nullable(),
});

export const RequestDetailsShape = z.object({
  orderId: z.uuid().nullable(),
  item: z.object({
    id: z.uuid(),
    version: z.int().describe('The one that it was ordered of; it keeps it.'),
    name: z.string(),
  }),
  quantity: z.int(),
  answers: z.record(z.string(), value),
  cost: z
    .object({ amount: z.number(), currency: z.string(), per: z.enum(['once', 'month', 'year']) })
    .nullable()
    .describe('Of all that is ordered.'),
  deliverySeconds: z.int().nullable().describe('Working seconds in which it is to be delivered.'),
  startDay: z.iso.date().nullable().describe('From which the days of its tasks are counted.'),
  isTeamNamed: z.boolean().describe('Whether the item says which team has it.'),
  approval: RoundsShape.nullable(),
  coveredById: z.uuid().nullable().describe('The request of the same order that is asked for it.'),
  covers: z.array(z.uuid()).describe('Those of the same order for which this one asks.'),
  tasks: z.array(Task).readonly(),
  stuck: z
    .array(
      z.object({
        task: z.string(),
        isUndo: z.boolean().describe('Whether it is its undoing that failed.'),
        since: at,
      }),
    )
    .describe(
      'Tasks that failed for good, about which a person is to decide: retry, skip, or cancel.',
    ),
  undoing: z
    .object({ reason: z.string(), byId: z.uuid().nullable(), since: at })
    .nullable()
    .describe('What was done is being undone; then it is cancelled.'),
  hold: HoldShape,
  notes: z.string().nullable().describe('What whoever fulfilled it says.'),
  reason: z.string().nullable().describe('Why it was rejected or cancelled.'),
  reopenCount: z.int(),
});

export type RequestDetails = Readonly<z.infer<typeof RequestDetailsShape>>;

/** What machines answered is for whoever works on it: it may hold what gives access. */
export function withoutAnswers(details: RequestDetails): RequestDetails {
  const tasks = details.tasks.map((task) =>
    task.kind === 'automatic' ? { ...task, result: null } : task,
  );
  return { ...details, tasks };
}

export const freshRequest: RequestDetails = {
  orderId: null,
  item: { id: '00000000-0000-0000-0000-000000000000', version: 0, name: '' },
  quantity: 1,
  answers: {},
  cost: null,
  deliverySeconds: null,
  startDay: null,
  isTeamNamed: false,
  approval: null,
  coveredById: null,
  covers: [],
  tasks: [],
  stuck: [],
  undoing: null,
  hold: null,
  notes: null,
  reason: null,
  reopenCount: 0,
};
