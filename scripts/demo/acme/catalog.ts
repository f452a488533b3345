/** What people of Acme order: things to work with, and what comes with a place to work. */
import type { Names, Shelf } from '../story';

interface ByHand {
  readonly key: string;
  readonly title: string;
  readonly team: string;
  readonly [more: string]: unknown;
}

/** Tasks of teams, each done by hand. */
const plan = (names: Names, tasks: readonly ByHand[], more: object = {}) => ({
  ...more,
  tasks: tasks.map(({ team, ...task }) => ({ ...task, kind: 'manual', teamId: names.team(team) })),
});

const day = 8 * 3_600;

const laptop = (names: Names) => ({
  description: 'A notebook with dock and bag. It is yours as long as you work here.',
  ...{ serviceId: names.service('Workstations'), teamId: names.team('Workplace') },
  ...{ cost: { amount: 1_400, currency: 'EUR', per: 'once' }, deliverySeconds: 5 * day },
  form: {
    schema: {
      type: 'object',
      properties: {
        model: { type: 'string', enum: ['light', 'strong'], title: 'Which one?' },
        memory: { type: 'integer', minimum: 16, maximum: 128, title: 'How much memory, in GB?' },
      },
      required: ['model', 'memory'],
    },
    hints: {
      order: ['model', 'memory'],
      fields: {
        model: { widget: 'radio' },
        memory: { visibleWhen: 'answers.model==strong', help: 'Drawings need 64.' },
      },
    },
  },
  fulfilment: plan(names, [
    {
      ...{ key: 'buy', title: 'Get the device', team: 'Workplace', dueDays: 3 },
      outcomes: ['in stock', 'bought'],
    },
    { key: 'set-up', title: 'Set it up', team: 'Workplace', after: ['buy'], dueDays: 4 },
    { key: 'hand-over', title: 'Hand it over', team: 'Service desk', after: ['set-up'] },
  ]),
});

const licence = (names: Names) => ({
  description: 'A licence of a program that is on our list, for one person and one year.',
  ...{ serviceId: names.service('Workstations'), deliverySeconds: 2 * day },
  cost: { amount: 160, currency: 'EUR', per: 'year' },
  form: {
    schema: {
      type: 'object',
      properties: {
        program: { type: 'string', enum: ['CAD viewer', 'PDF editor', 'Mind maps'] },
        reason: { type: 'string', maxLength: 500 },
      },
      required: ['program'],
    },
    hints: { fields: { reason: { widget: 'textarea' } } },
  },
  approval: {
    when: 'cost>200',
    stages: [
      [
        {
          name: 'Manager',
          approvers: [{ kind: 'relation', relation: 'requesterManager' }],
          quorum: { kind: 'anyone' },
          ...{ expiresInHours: 120, remindEveryHours: 24 },
        },
      ],
    ],
    coversOrder: true,
  },
  fulfilment: plan(names, [
    { key: 'assign', title: 'Assign the licence', team: 'Service desk', dueDays: 2 },
  ]),
});

const account = ['account'];

const newEmployee = (names: Names) => ({
  description: 'All that somebody needs on the first day. Order it two weeks before.',
  audience: { see: 'role=ge=end_user', order: null },
  teamId: names.team('Service desk'),
  deliverySeconds: 15 * day,
  form: {
    schema: {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 100 },
        firstDay: { type: 'string', format: 'date' },
        place: { type: 'string', enum: ['office', 'hall'] },
        likes: { type: 'string', lookup: 'user', title: 'Whose rights are like theirs?' },
      },
      required: ['name', 'firstDay', 'place'],
    },
    hints: { order: ['name', 'firstDay', 'place', 'likes'] },
  },
  fulfilment: plan(
    names,
    [
      { key: 'account', title: 'Make the account', team: 'Service desk', dueDays: -5 },
      { key: 'mailbox', title: 'Make the mailbox', team: 'Service desk', after: account },
      { key: 'phone', title: 'Give a telephone number', team: 'Network', dueDays: -1 },
      {
        ...{ key: 'wireless', title: 'Open the wireless of the hall', team: 'Network' },
        ...{ after: account, when: 'answers.place==hall' },
      },
      { key: 'notebook', title: 'Prepare a notebook', team: 'Workplace', dueDays: -2 },
      { key: 'desk', title: 'Set up the desk', team: 'Workplace', notBeforeDays: -3, dueDays: -1 },
      { key: 'badge', title: 'Print the badge', team: 'Workplace', dueDays: 0 },
      {
        ...{ key: 'erp', title: 'Give rights in the ERP', team: 'Business applications' },
        after: account,
      },
      { key: 'payroll', title: 'Put on the payroll', team: 'Business applications', dueDays: 3 },
      {
        ...{ key: 'welcome', title: 'Welcome them', team: 'Service desk' },
        ...{ after: ['notebook', 'desk', 'badge'], notBeforeDays: 0, dueDays: 0 },
      },
    ],
    { startDay: 'firstDay' },
  ),
});

const parking = (names: Names) => ({
  description: 'A place in the yard behind hall 1, as long as there are any.',
  teamId: names.team('Service desk'),
  cost: { amount: 15, currency: 'EUR', per: 'month' },
  form: {
    schema: {
      type: 'object',
      properties: { plate: { type: 'string', minLength: 1, maxLength: 12 } },
      required: ['plate'],
    },
  },
});

export const catalog: readonly Shelf[] = [
  {
    ...{ n: 201, by: 'manager', category: 'To work with' },
    items: [
      { name: 'Laptop', definition: laptop },
      { name: 'Software licence', definition: licence },
    ],
  },
  {
    ...{ n: 202, by: 'manager', category: 'People and places' },
    items: [
      { name: 'New employee', definition: newEmployee },
      { name: 'Parking place', definition: parking },
    ],
  },
];
