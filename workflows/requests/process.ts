/** What a request is: something of the catalog that was ordered, approved where that is wanted, and delivered. */
import { holdReasons } from '../holding';
import { defineProcess } from '../process';

const beforeWork = ['submitted', 'awaitingApproval'] as const;
const underWay = ['inFulfilment', 'onHold'] as const;
const undelivered = [...beforeWork, ...underWay] as const;

export const request = defineProcess({
  type: 'request',
  path: 'requests',
  prefix: 'REQ',
  title: 'Request',
  version: 1,
  states: {
    submitted: 'open',
    awaitingApproval: 'open',
    inFulfilment: 'open',
    onHold: 'open',
    fulfilled: 'open',
    closed: 'final',
    rejected: 'final',
    cancelled: 'final',
  },
  opening: { state: 'submitted', role: 'end_user', by: 'lives' },
  commands: {
    assign: {
      from: [...undelivered, 'fulfilled'],
      to: ['same'],
      role: 'agent',
      summary: 'Give it to a team, a person, or nobody.',
      event: 'assigned',
    },
    hold: {
      from: underWay,
      to: ['onHold'],
      role: 'agent',
      summary:
        'Wait for someone or something else; no further task begins. Again = another reason.',
      event: 'held',
    },
    resume: {
      from: ['onHold'],
      to: ['inFulfilment', 'fulfilled'],
      role: 'agent',
      summary: 'Go on after a hold.',
      event: 'resumed',
    },
    retryTask: {
      from: ['inFulfilment'],
      to: ['same'],
      role: 'agent',
      summary: 'Try a task again that failed for good.',
      event: 'taskRetried',
    },
    skipTask: {
      from: ['inFulfilment'],
      to: ['same', 'fulfilled', 'cancelled'],
      role: 'agent',
      summary: 'Go on without a task that failed, or has not begun.',
      event: 'taskSkipped',
    },
    fulfil: {
      from: ['inFulfilment'],
      to: ['fulfilled'],
      role: 'agent',
      summary: 'It is delivered; what has a plan is delivered when its tasks are done.',
      event: 'fulfilled',
    },
    reopen: {
      from: ['fulfilled'],
      to: ['inFulfilment'],
      role: 'agent',
      requester: ['fulfilled'],
      summary: 'It is not what was ordered.',
      event: 'reopened',
    },
    close: {
      from: ['fulfilled'],
      to: ['closed'],
      role: 'agent',
      requester: ['fulfilled'],
      summary: 'Confirm the delivery.',
      event: 'closed',
    },
    cancel: {
      from: undelivered,
      to: ['cancelled', 'same', 'inFulfilment'],
      role: 'agent',
      requester: beforeWork,
      summary: 'It is not wanted any more; what was done is undone first.',
      event: 'cancelled',
    },
  },
  signals: {
    approvalDecided: {
      by: 'lives',
      to: ['inFulfilment', 'fulfilled', 'rejected', 'cancelled', 'same'],
      summary: 'A round of approval has ended.',
    },
    coverDecided: {
      by: 'lives',
      to: ['inFulfilment', 'fulfilled', 'rejected', 'cancelled', 'same'],
      summary: 'The round that was asked for its order has ended.',
    },
    uncovered: { by: 'lives', summary: 'A request that it asks for is not wanted any more.' },
    askYourself: { by: 'lives', summary: 'The request that asked for it is not wanted any more.' },
    taskEnded: {
      by: 'lives',
      to: ['fulfilled', 'cancelled', 'same'],
      summary: 'Somebody has done a task, or says that it cannot be done.',
    },
  },
  facets: {
    holdReason: holdReasons,
    deliverySeconds: 'integer',
    quantity: 'integer',
    isStuck: 'boolean',
  },
  sla: {
    customerWhile: 'state=in=(submitted,awaitingApproval),holdReason=in=(customer,scheduled)',
    vendorWhile: 'holdReason==vendor',
    vendorUnless: 'holdReason!=vendor',
    ladder: ['notify', 'reassign'],
  },
  names: { item: 'item,id', order: 'orderId' },
  timers: {
    begin: {
      from: ['submitted'],
      to: ['awaitingApproval', 'inFulfilment', 'fulfilled'],
      summary: 'Whoever must approve is asked, or fulfilment begins.',
    },
    opens: {
      from: underWay,
      to: ['same', 'fulfilled'],
      summary: 'The day of a task has come.',
    },
    holdUntil: {
      from: ['onHold'],
      to: ['inFulfilment', 'fulfilled'],
      summary: 'The instant of a scheduled hold has come.',
    },
    autoClose: { from: ['fulfilled'], to: ['closed'], summary: 'Nobody has objected.' },
    assignment: {
      from: undelivered,
      to: ['same'],
      summary: 'Somebody of its team may be there to take it.',
    },
    wait: {
      from: ['onHold'],
      to: ['cancelled', 'inFulfilment', 'same'],
      summary: 'The requester is reminded; in the end it is cancelled without an answer.',
    },
  },
  notices: {
    opened: 'was ordered for you',
    assigned: 'was assigned to you',
    assignedToTeam: 'was assigned to your team',
    commented: 'has a new comment',
    slaWarning: 'comes close to its delivery date',
    slaBreach: 'missed its delivery date',
    slaEscalation: 'is long overdue',
    answerAwaited: 'waits for your answer',
    approved: 'was approved',
    rejected: 'was rejected',
    taskFailed: 'waits for a decision: a task failed',
    fulfilled: 'was delivered',
    reopened: 'was reopened',
    autoCloseSoon: 'will be closed tomorrow',
    closed: 'was closed',
    cancelled: 'was cancelled',
  },
  waitsWhileSuspended: ['autoClose', 'autoCloseReminder'],
});
