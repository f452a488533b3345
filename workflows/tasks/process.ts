/** What a task is: a piece of work by hand that another ticket asks for, with a day by which it is to be done. */
import { defineProcess } from '../process';

const anyOpen = ['open', 'inProgress'] as const;

export const task = defineProcess({
  type: 'task',
  path: 'tasks',
  prefix: 'TSK',
  title: 'Task',
  version: 1,
  states: { open: 'open', inProgress: 'open', done: 'final', cancelled: 'final' },
  opening: { state: 'open', role: 'agent', by: 'lives' },
  commands: {
    assign: {
      from: anyOpen,
      to: ['same'],
      role: 'agent',
      summary: 'Give it to a team, a person, or nobody.',
      event: 'assigned',
    },
    start: {
      from: ['open'],
      to: ['inProgress'],
      role: 'agent',
      summary: 'Begin work; the caller takes it when nobody has it.',
      event: 'started',
    },
    complete: {
      from: anyOpen,
      to: ['done'],
      role: 'agent',
      summary: 'It is done, with an outcome.',
      event: 'completed',
    },
    cancel: {
      from: anyOpen,
      to: ['cancelled'],
      role: 'agent',
      summary: 'It cannot be done; what it belongs to is told.',
      event: 'cancelled',
    },
  },
  signals: {
    withdrawn: {
      by: 'lives',
      to: ['cancelled', 'same'],
      summary: 'What it belongs to does not need it any more.',
    },
  },
  names: { subject: 'subjectId' },
  timers: {
    overdue: { from: anyOpen, to: ['same'], summary: 'It was to be done by now.' },
    assignment: {
      from: anyOpen,
      to: ['same'],
      summary: 'Somebody of its team may be there to take it.',
    },
  },
  notices: {
    assigned: 'was assigned to you',
    assignedToTeam: 'was assigned to your team',
    commented: 'has a new comment',
    overdue: 'was to be done by now',
    withdrawn: 'is not needed any more',
  },
});
