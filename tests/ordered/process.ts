/** The smallest process that orders can open: it keeps what it was ordered with, and nothing follows. */
import { z } from 'zod';
import { next } from '../../models/tickets/next';
import type { Process, RuleBook } from '../../models/tickets/rules';
import { channels } from '../../models/tickets/ticket';
import { defineProcess } from '../../workflows/process';
import { processes } from '../../workflows/registry';

const request = defineProcess({
  type: 'request',
  path: 'requests',
  prefix: 'REQ',
  title: 'Request',
  version: 1,
  states: { submitted: 'open', closed: 'final' },
  opening: { state: 'submitted', role: 'end_user' },
  commands: {
    close: {
      from: ['submitted'],
      to: ['closed'],
      role: 'agent',
      summary: 'It is over.',
      event: 'closed',
    },
  },
  signals: {},
  notices: {},
});

const id = z.uuid();
const open = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().min(1),
  requesterId: id,
  serviceId: id.nullable(),
  categoryId: z.null(),
  teamId: id.nullable(),
  channel: z.enum(channels),
  orderId: id,
  item: z.strictObject({ id, version: z.int() }),
  quantity: z.int(),
  answers: z.record(z.string(), z.json()),
  startDay: z.iso.date().nullable(),
  coveredById: id.nullable(),
  covers: z.array(id),
});
const inputs = { open, commands: { close: z.strictObject({}) }, signals: {} };

const { orderId, item, quantity, answers, startDay, coveredById, covers } = open.shape;
const Details = z.object({ orderId, item, quantity, answers, startDay, coveredById, covers });
type Details = Readonly<z.output<typeof Details>>;
const nobody = '00000000-0000-4000-8000-000000000000';

const rules: RuleBook<Details, typeof request, typeof inputs> = {
  details: {
    ...{ orderId: nobody, item: { id: nobody, version: 1 }, quantity: 1, answers: {} },
    ...{ startDay: null, coveredById: null, covers: [] },
  },
  needs: () => [],
  opened: (ticket, { input }) => next(ticket).details(Details.parse(input)).event('opened'),
  commands: { close: (ticket) => next(ticket).state('closed').event('closed') },
  signals: {},
  commented: (ticket, { input }) => next(ticket).comment(input).event('commented'),
  released: (ticket, { input }) => next(ticket).set({ assigneeId: null }).event('released', input),
  agenda: {},
  results: {},
};

const standIn: Process = { declaration: request, inputs, rules, details: Details };

/** Those of the product; where it has no requests, with these. */
export const withRequests: readonly Process[] = processes.some(
  ({ declaration }) => declaration.type === 'request',
)
  ? processes
  : [...processes, standIn];
