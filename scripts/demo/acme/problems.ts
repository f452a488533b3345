/** Causes that are looked for, and what is known of them. */
import {
  analyse,
  investigate,
  proposeWorkaround,
  publishKnownError,
  publishWorkaround,
  recordKnownError,
  reportRecurrence,
  retireKnownError,
  review,
  startFix,
  withdrawWorkaround,
} from '../problems';
import {
  assign,
  cancel,
  classify,
  close,
  declareMajor,
  prioritize,
  reopen,
  resolve,
  type Names,
  type Tale,
} from '../story';

const problem = (title: string, body: (names: Names) => object) =>
  ({ path: 'problems', title, body }) as const;

export const problems: readonly Tale[] = [
  {
    n: 110,
    by: 'aylin.demir',
    opening: problem('The print server repeats jobs under load', (names) => ({
      description: 'Three reports in a month, each when many jobs come at once.',
      ...{ serviceId: names.service('Printing'), categoryId: names.category('Printing') },
      fromIncidentIds: [names.ticket(16)],
    })),
    steps: [
      assign('aylin.demir', { person: 'aylin.demir' }),
      investigate('aylin.demir'),
      recordKnownError('aylin.demir', 'A print job comes out twice, mostly in the morning.'),
      proposeWorkaround('aylin.demir', 'Print on “Office direct”, which goes past the server.'),
      publishWorkaround('aylin.demir'),
      publishKnownError('aylin.demir'),
      analyse(
        'aylin.demir',
        'The server answers too late, so that the sender repeats the job.',
        'It waits for its disk.',
        'Its queue lies on the disk of the backup.',
      ),
      startFix('aylin.demir', 'us'),
    ],
  },
  {
    n: 111,
    by: 'tobias.brandt',
    opening: problem('The wireless controller forgets access points', (names) => ({
      description: 'Each quarter some of hall 1 are missing after an update.',
      serviceId: names.service('Plant network'),
    })),
    steps: [
      prioritize('tobias.brandt', { impact: 'high', urgency: 'medium' }),
      classify('tobias.brandt', { category: 'Network' }),
      declareMajor('manager', 'Hall 1 stood still for an hour.'),
      investigate('tobias.brandt'),
      recordKnownError('tobias.brandt', 'Scanners of hall 1 find no network after an update.'),
      proposeWorkaround('tobias.brandt', 'Switch the access point off and on.'),
      publishWorkaround('tobias.brandt'),
      publishKnownError('tobias.brandt'),
      withdrawWorkaround('tobias.brandt', 'It helps for an hour only.'),
      retireKnownError('tobias.brandt', 'Without a workaround it helps nobody.'),
      startFix('tobias.brandt', 'vendor'),
      resolve('tobias.brandt', 'fixed', 'The vendor’s update of the controller.'),
      reopen('tobias.brandt', 'Access point 3 is missing again.'),
      resolve('tobias.brandt', 'fixed', 'The update, and a larger table of neighbours.'),
      reportRecurrence('lena.hoffmann', 'Access point 5, for ten minutes.'),
      resolve('tobias.brandt', 'fixed', 'The cable of access point 5 was loose.'),
      review('manager', 'Updates of the controller are tried in the canteen first.'),
      close('manager'),
    ],
  },
  {
    n: 112,
    by: 'lena.hoffmann',
    opening: problem('Invitations arrive twice', (names) => ({
      description: 'One case so far; perhaps more come.',
      serviceId: names.service('E-mail and calendar'),
    })),
    steps: [cancel('lena.hoffmann', 'It was the second sync of one phone.')],
  },
];
