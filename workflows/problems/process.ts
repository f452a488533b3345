/** What a problem is: its states, its commands, what time and other tickets do to it. */
import { defineProcess } from '../process';

const unresolved = ['logged', 'investigating', 'fixInProgress'] as const;
const anyOpen = [...unresolved, 'resolved'] as const;
/** What is known of it stands beside the state, from the moment on when somebody looks. */
const lookedAt = ['investigating', 'fixInProgress', 'resolved'] as const;

const beside = { from: lookedAt, to: ['same'], role: 'agent' } as const;

export const problem = defineProcess({
  type: 'problem',
  path: 'problems',
  prefix: 'PRB',
  title: 'Problem',
  version: 1,
  states: {
    logged: 'open',
    investigating: 'open',
    fixInProgress: 'open',
    resolved: 'open',
    closed: 'final',
    cancelled: 'final',
  },
  opening: { state: 'logged', role: 'agent', names: { fromIncidentIds: 'incident' } },
  commands: {
    assign: {
      from: anyOpen,
      to: ['same'],
      role: 'agent',
      summary: 'Give it to a team, a person, or nobody.',
      event: 'assigned',
    },
    investigate: {
      from: ['logged', 'fixInProgress'],
      to: ['investigating'],
      role: 'agent',
      summary: 'Look for the cause; the caller takes it when nobody has it.',
      event: 'investigationStarted',
    },
    prioritize: {
      from: anyOpen,
      to: ['same'],
      role: 'agent',
      summary: 'Change impact and urgency.',
      event: 'prioritized',
    },
    classify: {
      from: anyOpen,
      to: ['same'],
      role: 'agent',
      summary: 'Say which category and service it is about.',
      event: 'classified',
    },
    declareMajor: {
      from: anyOpen,
      to: ['same'],
      role: 'manager',
      summary: 'Declare a major problem: it is reviewed before it is closed.',
      event: 'majorDeclared',
    },
    analyse: {
      ...beside,
      summary: 'Write down the cause: a summary, the whys, what contributed, the timeline.',
      event: 'analysed',
    },
    proposeWorkaround: {
      ...beside,
      summary: 'Write down what helps meanwhile; a new text is a new version, and not published.',
      event: 'workaroundProposed',
    },
    publishWorkaround: {
      ...beside,
      summary: 'Tell it to every open incident that this causes; those that know it hear nothing.',
      event: 'workaroundPublished',
    },
    withdrawWorkaround: {
      ...beside,
      summary: 'It helps no more; incidents that are linked later are not told.',
      event: 'workaroundWithdrawn',
    },
    recordKnownError: {
      ...beside,
      summary: 'Draft a known error, or edit the draft.',
      event: 'knownErrorRecorded',
    },
    publishKnownError: {
      ...beside,
      summary: 'Let it be found, by requesters, too, where it is public.',
      event: 'knownErrorPublished',
    },
    retireKnownError: {
      ...beside,
      summary: 'It is found no more.',
      event: 'knownErrorRetired',
    },
    startFix: {
      from: ['investigating'],
      to: ['fixInProgress'],
      role: 'agent',
      summary: 'The cause is being removed, by a change or by a vendor.',
      event: 'fixStarted',
    },
    resolve: {
      from: unresolved,
      to: ['resolved'],
      role: 'agent',
      summary: 'Say how it ended; from now on it is watched.',
      event: 'resolved',
    },
    reopen: {
      from: ['resolved'],
      to: ['investigating'],
      role: 'agent',
      summary: 'It is not solved after all.',
      event: 'reopened',
    },
    reportRecurrence: {
      from: ['resolved'],
      to: ['same', 'investigating'],
      role: 'agent',
      summary: 'It has come again: reopens it, or asks whoever has it.',
      event: 'recurred',
    },
    review: {
      from: ['resolved'],
      to: ['same', 'closed'],
      role: 'agent',
      summary: 'Write down what was learnt.',
      event: 'reviewed',
    },
    close: {
      from: ['resolved'],
      to: ['closed'],
      role: 'agent',
      summary: 'Nothing more is to be done, nor watched; a major one was reviewed first.',
      event: 'closed',
    },
    cancel: {
      from: unresolved,
      to: ['cancelled'],
      role: 'agent',
      summary: 'It will not be looked into.',
      event: 'cancelled',
    },
  },
  signals: {
    linkedEnded: {
      by: 'lives',
      from: unresolved,
      to: ['resolved', 'same'],
      summary: 'A change that fixes it was closed.',
    },
  },
  facets: {
    isMajor: 'boolean',
    hasWorkaround: 'boolean',
    fixBy: ['us', 'vendor'],
  },
  sla: {
    customerWhile: 'fixBy==vendor',
    vendorWhile: 'fixBy==vendor',
    vendorUnless: 'fixBy!=vendor',
    ladder: ['notify', 'reassign', 'declareMajor'],
  },
  links: { blockedBy: { forbids: ['resolve'] }, fixedBy: { follows: 'closure' } },
  timers: {
    watch: {
      from: ['resolved'],
      to: ['closed', 'same'],
      summary: 'It was quiet for as long as it was watched.',
    },
    reviewDue: { from: ['resolved'], to: ['same'], summary: 'Nobody has reviewed it.' },
    assignment: {
      from: unresolved,
      to: ['same'],
      summary: 'Somebody of its team may be there to take it.',
    },
  },
  notices: {
    opened: 'was opened for you',
    assigned: 'was assigned to you',
    assignedToTeam: 'was assigned to your team',
    commented: 'has a new comment',
    slaWarning: 'comes close to a deadline',
    slaBreach: 'missed a deadline',
    slaEscalation: 'is long overdue',
    answerAwaited: 'waits for your answer',
    majorDeclared: 'is a major problem',
    fixClosed: 'has a change that was closed',
    fixFailed: 'has a change that did not fix it',
    resolved: 'was resolved',
    recurred: 'has come again',
    recurrenceOpen: 'has come again, and waits for your word on that',
    reopened: 'was reopened',
    reviewOverdue: 'waits for its review',
    closed: 'was closed',
    cancelled: 'was cancelled',
  },
  waitsWhileSuspended: ['watch'],
});
