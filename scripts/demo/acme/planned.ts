/** What is planned and asked: changes on their way to a decision, and an approval by itself. */
import { plusSeconds } from '../../../models/instant';
import { addTask, assign, requestApproval, submit, type Names, type Tale } from '../story';

const twoHours = 7_200;
const onSaturday = (names: Names) => {
  const start = names.maintenanceWindow();
  return { start, end: plusSeconds(start, twoHours) };
};

export const planned: readonly Tale[] = [
  {
    n: 101,
    by: 'tobias.brandt',
    opening: {
      path: 'changes',
      title: 'New firmware for the switches of hall 2',
      body: (names) => ({
        description: 'The present one loses its clock after 200 days without a restart.',
        serviceId: names.service('Plant network'),
        configurationItems: ['SW-H2-01', 'SW-H2-02'],
        window: onSaturday(names),
        backOutMinutes: 45,
        plans: {
          implementation: 'One switch after the other, the spare one first.',
          test: 'Scanners at gates 1 to 3, a label printer, the planning board.',
          backOut: 'Boot the second image, which still holds the present firmware.',
          communication: 'Shift leads know by Thursday.',
        },
        risk: { impact: 'high', testEvidence: 'tested', backOut: 'documented' },
      }),
    },
    steps: [
      assign('tobias.brandt', { person: 'tobias.brandt' }),
      addTask('tobias.brandt', 'Save the configurations', 1),
      addTask('tobias.brandt', 'Update SW-H2-01', 2),
      addTask('tobias.brandt', 'Update SW-H2-02', 3),
      submit('tobias.brandt'),
      requestApproval('tobias.brandt'),
    ],
  },
  {
    n: 102,
    by: 'piotr.nowak',
    opening: {
      path: 'changes',
      title: 'Archive orders that are older than ten years',
      body: (names) => ({
        description: 'The nightly run of the ERP takes two hours by now.',
        serviceId: names.service('ERP'),
      }),
    },
    steps: [],
  },
  {
    n: 103,
    by: 'aylin.demir',
    opening: {
      path: 'approvals',
      title: 'A second monitor for the design office',
      body: (names) => ({
        description: 'Three notebooks work with one screen each. 3 x 240 EUR.',
        shown: { cost: 720, currency: 'EUR', pieces: 3 },
        requesterId: names.person('franziska.wolf'),
        approvers: [
          { kind: 'person', id: names.person('manager') },
          { kind: 'person', id: names.person('sabine.keller') },
        ],
        quorum: { kind: 'anyone' },
      }),
    },
    steps: [],
  },
];
