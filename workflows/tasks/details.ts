/** What only tasks have, beside the fields of every ticket. */
import { z } from 'zod';

const at = z.iso.datetime();

export const TaskDetailsShape = z.object({
  subjectId: z.uuid().nullable().describe('The ticket that asks for it, and is told how it ends.'),
  key: z.string().describe('Its name in the plan of that ticket.'),
  isTeamNamed: z.boolean().describe('Whether the plan says which team does it.'),
  isUndo: z.boolean().describe('Whether it undoes what was done before.'),
  outcomes: z.array(z.string()).describe('Words for how it can end; the first is the usual one.'),
  dueAt: at.nullable(),
  remindedTimes: z.int(),
  startedAt: at.nullable(),
  outcome: z.string().nullable(),
  note: z.string().nullable(),
  byId: z.uuid().nullable().describe('Who did it.'),
});

export type TaskDetails = Readonly<z.infer<typeof TaskDetailsShape>>;

export const freshTask: TaskDetails = {
  ...{
    subjectId: null,
    key: '',
    isTeamNamed: false,
    isUndo: false,
    outcomes: ['done'],
    dueAt: null,
  },
  ...{ remindedTimes: 0, startedAt: null, outcome: null, note: null, byId: null },
};
