/** What a specimen is: its states, its commands, who may give them, and what people are told. */
import { defineProcess } from '../../../workflows/process';

const unfinished = ['open', 'inProgress'] as const;

export const sampleDeclaration = defineProcess({
  type: 'sample',
  path: 'samples',
  prefix: 'SMP',
  title: 'Specimen',
  version: 1,
  states: { open: 'open', inProgress: 'open', done: 'final', cancelled: 'final' },
  opening: { state: 'open', role: 'end_user' },
  commands: {
    assign: {
      from: unfinished,
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
    finish: {
      from: ['inProgress'],
      to: ['done'],
      role: 'agent',
      summary: 'Say what came of it.',
      event: 'finished',
    },
    cancel: {
      from: unfinished,
      to: ['cancelled'],
      role: 'agent',
      requester: ['open'],
      summary: 'It is not needed any more.',
      event: 'cancelled',
    },
  },
  signals: {},
  notices: {
    opened: 'was opened for you',
    assigned: 'was assigned to you',
    assignedToTeam: 'was assigned to your team',
    commented: 'has a new comment',
    waiting: 'waits for somebody to begin',
    finished: 'is done',
    cancelled: 'was cancelled',
  },
  waitsWhileSuspended: ['beginReminder'],
});
