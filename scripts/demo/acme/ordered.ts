/** What was ordered of the catalog: under way, asked about, delivered, not wanted any more. */
import { plusDays } from '../../../models/instant';
import {
  about,
  approve,
  complete,
  fulfil,
  inTask,
  retryTask,
  skipTask,
  whenStuck,
} from '../orders';
import {
  assign,
  cancel,
  close,
  hold,
  reopen,
  resume,
  start,
  type Names,
  type Tale,
} from '../story';

interface Line {
  readonly item: string;
  readonly answers: (names: Names) => object;
  readonly quantity?: number;
}

const order = (title: string, lines: readonly Line[]) =>
  ({
    path: 'orders',
    title,
    body: (names: Names) => ({
      items: lines.map(({ item, answers, ...line }) => ({
        ...line,
        itemId: names.item(item),
        answers: answers(names),
      })),
    }),
  }) as const;

const laptop: Line = { item: 'Laptop', answers: () => ({ model: 'light' }) };
const licences = (quantity: number): Line => ({
  ...{ item: 'Software licence', quantity },
  answers: () => ({ program: 'CAD viewer' }),
});

export const ordered: readonly Tale[] = [
  {
    n: 104,
    by: 'heike.baumann',
    opening: order('A new designer', [
      {
        item: 'New employee',
        answers: (names) => ({
          ...{ name: 'Nadia Berger', place: 'office', likes: names.person('franziska.wolf') },
          firstDay: plusDays(names.maintenanceWindow(), 2).slice(0, 10),
        }),
      },
    ]),
    steps: [
      about('New employee', 'inFulfilment', assign('agent', { person: 'agent' })),
      inTask('heike.baumann', 'Make the account', start('lena.hoffmann')),
      inTask('heike.baumann', 'Make the account', complete('lena.hoffmann')),
      inTask('heike.baumann', 'Make the mailbox', complete('lena.hoffmann')),
      inTask(
        'heike.baumann',
        'Prepare a notebook',
        assign('aylin.demir', { person: 'aylin.demir' }),
      ),
    ],
  },
  {
    n: 105,
    by: 'franziska.wolf',
    opening: order('For the design office', [
      { item: 'Laptop', answers: () => ({ model: 'strong', memory: 64 }) },
      licences(2),
    ]),
    steps: [
      inTask('franziska.wolf', 'Get the device', start('aylin.demir')),
      about('Laptop', 'inFulfilment', hold('aylin.demir', 'vendor')),
    ],
  },
  {
    n: 106,
    by: 'luca.romano',
    opening: order('A place to park', [
      { item: 'Parking place', answers: () => ({ plate: 'H-LR 204' }) },
    ]),
    steps: [
      about('Parking place', 'inFulfilment', assign('agent', { person: 'agent' })),
      about('Parking place', 'inFulfilment', fulfil('agent', 'Place 14.')),
      about('Parking place', 'fulfilled', reopen('luca.romano', 'Somebody else stands there.')),
      about('Parking place', 'inFulfilment', hold('agent', 'vendor')),
      about('Parking place', 'onHold', resume('agent')),
      about('Parking place', 'inFulfilment', fulfil('agent', 'Place 17.')),
      about('Parking place', 'fulfilled', close('luca.romano')),
    ],
  },
  {
    n: 107,
    by: 'miriam.fuchs',
    opening: order('A notebook for the audit', [laptop]),
    steps: [
      inTask('miriam.fuchs', 'Get the device', cancel('aylin.demir', 'Not in stock this week.')),
      whenStuck('Laptop', retryTask('aylin.demir', 'buy')),
      inTask('miriam.fuchs', 'Get the device', complete('aylin.demir', 'bought')),
      about('Laptop', 'inFulfilment', skipTask('aylin.demir', 'set-up', 'Comes set up.')),
      inTask('miriam.fuchs', 'Hand it over', complete('agent')),
    ],
  },
  {
    n: 108,
    by: 'stefan.lang',
    opening: order('Viewers for the shift leads', [licences(3)]),
    steps: [
      approve('manager', 'stefan.lang'),
      inTask('stefan.lang', 'Assign the licence', complete('lena.hoffmann')),
    ],
  },
  {
    n: 109,
    by: 'david.okafor',
    opening: order('A viewer for the test bench', [licences(1)]),
    steps: [
      about('Software licence', 'inFulfilment', cancel('agent', 'The bench has one already.')),
    ],
  },
];
