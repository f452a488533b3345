/**
 * A second, tiny process: driven by signals, owing work that may fail, opening others. The kernel is
 * tested with it so that nothing in it is shaped after incidents only.
 */
import { z } from 'zod';
import { plusSeconds } from '../../models/instant';
import { next } from '../../models/tickets/next';
import type { Process, RuleBook } from '../../models/tickets/rules';
import { defineProcess } from '../../workflows/process';

export const errand = defineProcess({
  type: 'errand',
  path: 'errands',
  prefix: 'ERR',
  title: 'Errand',
  version: 1,
  states: { waiting: 'open', running: 'open', done: 'final', failed: 'final' },
  opening: { state: 'waiting', role: 'agent' },
  commands: {
    nudge: {
      from: ['waiting', 'running'],
      to: ['same'],
      role: 'agent',
      summary: 'Ask again.',
      event: 'nudged',
    },
    explode: {
      from: ['waiting', 'running'],
      to: ['same'],
      role: 'agent',
      summary: 'A rule with a bug.',
      event: 'exploded',
    },
    pass: {
      from: ['waiting', 'running'],
      to: ['same'],
      role: 'agent',
      summary: 'Tell another errand to go.',
      event: 'passed',
    },
  },
  signals: { go: { summary: 'Begin the work.' }, bomb: { summary: 'Plan a rule with a bug.' } },
  notices: { done: 'is done' },
});

const inputs = {
  open: z.strictObject({
    title: z.string(),
    description: z.string(),
    serviceId: z.null().default(null),
    categoryId: z.null().default(null),
    channel: z.literal('api').default('api'),
  }),
  commands: {
    nudge: z.strictObject({}),
    explode: z.strictObject({}),
    pass: z.strictObject({ to: z.uuid() }),
  },
  signals: {
    go: z.strictObject({ fails: z.int().min(0).default(0) }),
    bomb: z.strictObject({ inSeconds: z.number() }),
  },
};

type Details = Readonly<{ goes: number; attempts: number | null }>;
const patience = {
  attempts: 3,
  firstDelaySeconds: 0.1,
  longestDelaySeconds: 0.5,
  attemptSeconds: 5,
};

const rules: RuleBook<Details, typeof errand, typeof inputs> = {
  details: { goes: 0, attempts: null },
  needs: () => [],
  opened: (ticket) => next(ticket).event('opened'),
  commands: {
    nudge: (ticket) => next(ticket),
    explode: () => {
      throw new TypeError('a rule with a bug');
    },
    pass: (ticket, { input }) =>
      next(ticket).send({ ticketId: input.to, name: 'go', input: { fails: 0 } }),
  },
  signals: {
    // Told twice is told once: a signal made by hand has no identity.
    go: (ticket, { input, occurredAt }) =>
      ticket.state !== 'waiting'
        ? next(ticket)
        : next(ticket)
            .state('running')
            .details({ goes: ticket.details.goes + 1 })
            .work(
              { key: 'fetch', activity: 'fetch', input: { fails: input.fails }, patience },
              occurredAt,
            )
            .event('went'),
    bomb: (ticket, { input, occurredAt }) =>
      next(ticket)
        .plan({ key: 'bomb', at: plusSeconds(occurredAt, input.inSeconds), what: 'A bug.' })
        .event('bombPlanned'),
  },
  commented: (ticket, { input }) => next(ticket).comment(input).event('commented'),
  released: (ticket, { input }) => next(ticket).set({ assigneeId: null }).event('released', input),
  agenda: {
    bomb: () => {
      throw new TypeError('an entry with a bug');
    },
  },
  results: {
    fetch: {
      done: (ticket, { input }) =>
        next(ticket)
          .state('done')
          .details({ attempts: input.attempts ?? null })
          .event('fetched', { result: input.result })
          .notify('requester', 'done'),
      failed: (ticket, { input }) =>
        next(ticket).state('failed').event('fetchFailed', { error: input.error }),
    },
  },
};

export const errandProcess: Process = {
  declaration: errand,
  inputs,
  rules,
  details: z.object({ goes: z.int(), attempts: z.int().nullable() }),
};
