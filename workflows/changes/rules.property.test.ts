/** Whatever is said to a change, in whatever order: what it promises holds after every single fact. */
import * as fc from 'fast-check';
import { plansNeededAt } from '../../models/changes/risk';
import { plansMissing } from '../../models/changes/risk.schema';
import { Refusal } from '../../models/errors';
import type { Happening } from '../../models/tickets/decide';
import type { Fact } from '../../models/tickets/fact';
import { allowedCommands } from '../../models/tickets/guard';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aDraft,
  aFreeze,
  allPlans,
  anOther,
  atHighRisk,
  beside,
  detailsOf,
  template,
  word,
  written,
  type Beside,
} from '../../tests/changes';
import { aFact, later, people, stored, tell, until, type Told } from '../../tests/factories';
import { ChangeDetailsShape } from './details';
import { peopleOf, windowOf } from './needs';
import { change } from './process';

const { agent, colleague, manager, requester } = people;
const hours = fc.integer({ min: 0, max: 60 });
const windows = fc.tuple(hours, fc.integer({ min: 1, max: 12 })).map(([start, length]) => ({
  start: later({ hours: start }),
  end: later({ hours: start + length }),
}));
const someone = fc.constantFrom(null, agent.id, colleague.id, manager.id);

const long = { window: { start: later({ hours: 1 }), end: later({ days: 3 }) } };
const openings = fc.constantFrom(
  {},
  long,
  { ...long, kind: 'emergency' },
  { window: null, plans: {} },
  { ...atHighRisk },
  { kind: 'emergency' },
  { kind: 'standard', templateId: template.id },
  { freezeException: { reason: 'The law.' } },
);

const edits = fc.oneof(
  fc.record({ window: fc.option(windows) }),
  fc.record({ plans: fc.constantFrom(allPlans, {}, written.plans) }),
  fc.record({ risk: fc.constantFrom(null, written.risk, atHighRisk.risk) }),
  fc.record({ cost: fc.constantFrom(null, 10) }),
  fc.record({ freezeException: fc.constantFrom(null, { reason: 'The law.' }) }),
);
const commands = fc.oneof(
  fc.record({
    name: fc.constantFrom('submit', 'requestApproval', 'implement', 'implement', 'close', 'revise'),
    input: fc.constant({}),
  }),
  fc.record({ name: fc.constant('plan'), input: edits }),
  fc.record({ name: fc.constant('assign'), input: fc.record({ assigneeId: someone }) }),
  fc.record({
    name: fc.constant('addTask'),
    input: fc.record({ title: fc.constant('Dig'), order: fc.constant(1), assigneeId: someone }),
  }),
  fc.record({
    name: fc.constantFrom('backOut', 'cancel', 'reject'),
    input: fc.constant({ reason: 'Because.' }),
  }),
  fc.record({
    name: fc.constant('complete'),
    input: fc.record({ outcome: fc.constantFrom('successful', 'failed', 'backedOut') }),
  }),
  fc.record({ name: fc.constant('review'), input: fc.constant({ findings: 'Well.' }) }),
  fc.record({ name: fc.constant('released'), input: fc.constant({ userId: agent.id }) }),
  fc.record({ name: fc.constant('due'), input: fc.constant({}) }),
);
/** Legal more often than chance would have it: the next step of the path. */
const onward = fc.record({ name: fc.constant('onward'), input: fc.constantFrom(0, 0, 1) });
const words = fc.record({
  name: fc.constant('approvalDecided'),
  input: fc.record({
    result: fc.constantFrom('approved', 'approved', 'approved', 'rejected', 'recalled', 'expired'),
    by: fc.constantFrom(colleague.id, manager.id),
    isLate: fc.boolean(),
  }),
});
const grounds: fc.Arbitrary<Beside> = fc.constantFrom<Beside>(
  {},
  {},
  { freezes: [aFreeze(1, 5)] },
  { others: [anOther('implementing', 0, 60)] },
  { template: { version: 2 } },
  { experience: { successful: 0, failed: 50 } },
);
const turns = fc.array(
  fc.record({
    act: fc.oneof(
      { weight: 8, arbitrary: onward },
      { weight: 4, arbitrary: words },
      { weight: 6, arbitrary: commands },
    ),
    actor: fc.constantFrom(agent, colleague, manager, requester),
    minutes: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 90 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_000 }) },
    ),
    ground: grounds,
  }),
  { maxLength: 30 },
);
type Turn = typeof turns extends fc.Arbitrary<(infer T)[]> ? T : never;

const nextSteps: Readonly<Record<string, readonly [string, object][]>> = {
  draft: [['submit', {}]],
  assessment: [['requestApproval', {}]],
  scheduled: [['implement', {}]],
  implementing: [
    ['complete', { outcome: 'failed' }],
    ['backOut', { reason: 'No mail.' }],
  ],
  backingOut: [['complete', {}]],
  review: [
    ['review', { findings: 'Well.' }],
    ['close', {}],
  ],
  rejected: [['revise', {}]],
};

function factFor(ticket: Ticket, { act, actor }: Turn, minutes: number): Fact {
  const { name, input } = act;
  const occurredAt = later({ minutes });
  if (name === 'due') return until(occurredAt);
  if (name === 'onward') {
    const steps = nextSteps[ticket.state] ?? [];
    const [step, given] = steps[input % steps.length] ?? [];
    return step === undefined ? until(occurredAt) : aFact(step, given, { occurredAt });
  }
  if (name !== 'approvalDecided') return aFact(name, input, { actor, occurredAt });
  const { isLate, ...said } = input as { isLate: boolean; result: 'approved'; by: string };
  const [, decided] = word(ticket, minutes, { ...said, ...(isLate && { shownHash: 'of before' }) });
  return aFact(name, decided, { occurredAt });
}

type Look = (so: Happening, before: Ticket) => void;

/** Shows every happening with the ticket before it. */
function live(opening: object, given: readonly Turn[], look: Look): Ticket {
  let ticket = aDraft(opening);
  let minutes = 0;
  for (const turn of given) {
    minutes += turn.minutes;
    const context = beside(turn.ground);
    ticket = happens(ticket, until(later({ minutes })), context, look);
    ticket = happens(ticket, factFor(ticket, turn, minutes), context, look);
  }
  return ticket;
}

/** A refusal changes nothing, any other error is a bug. */
function happens(ticket: Ticket, fact: Fact, context: Context, look: Look): Ticket {
  let so: Told;
  try {
    so = tell(ticket, [fact], context);
  } catch (error) {
    if (error instanceof Refusal) return ticket;
    throw error;
  }
  so.happenings.forEach((one, k) => {
    look(one, so.happenings[k - 1]?.ticket ?? ticket);
  });
  return so.ticket;
}

const holds = (look: (so: Happening, before: Ticket) => void) => {
  fc.assert(
    fc.property(openings, turns, (opening, given) => {
      live(opening, given, look);
    }),
    { numRuns: 150 },
  );
};

const keysIn: Readonly<Record<string, readonly string[]>> = {
  scheduled: ['windowOpens', 'windowCloses'],
  implementing: ['backOutBy', 'windowEnds', 'overrun'],
  backingOut: ['overrun'],
  review: ['reviewDue'],
  rejected: ['lapse'],
};

describe('whatever happens to a change, in whatever order', () => {
  it('is begun inside its window only, after it was approved or by its template', () => {
    holds(({ fact, ticket }, before) => {
      if (fact.name !== 'implement') return;
      const window = windowOf(before);
      expect(before.state).toBe('scheduled');
      expect(
        window !== null && window.start <= fact.occurredAt && fact.occurredAt < window.end,
      ).toBe(true);
      const { kind, approvedByIds, implementation } = detailsOf(ticket);
      expect(kind === 'standard').toBe(approvedByIds.length === 0);
      const carried = [
        ...peopleOf({ ...ticket, details: detailsOf(ticket) }),
        implementation?.byId,
      ];
      expect(approvedByIds.filter((id) => carried.includes(id))).toEqual([]);
    });
  });

  it('is never scheduled without its window, its risk and the plans that this asks for', () => {
    holds(({ ticket }) => {
      if (!['awaitingApproval', 'scheduled'].includes(ticket.state)) return;
      const { risk, plans } = detailsOf(ticket);
      expect([windowOf(ticket), risk]).not.toContain(null);
      expect(plansMissing(plans, plansNeededAt(risk?.level ?? 'veryHigh'))).toEqual([]);
    });
  });

  it('is scheduled as it was approved', () => {
    holds(({ ticket }) => {
      const { kind, approval, plans, cost } = detailsOf(ticket);
      if (kind === 'standard' || ticket.state !== 'scheduled') return;
      const { plans: shown, window, cost: price } = approval?.shown ?? {};
      expect(Object.entries((shown ?? {}) as object).filter(([, text]) => text !== null)).toEqual(
        Object.entries(plans),
      );
      expect([window, price]).toEqual([windowOf(ticket), cost]);
    });
  });

  it('is never closed unreviewed when a review is needed', () => {
    holds(({ ticket }) => {
      if (ticket.state !== 'closed') return;
      const { review, outcome, kind } = detailsOf(ticket);
      if (outcome !== 'successful' || kind === 'emergency') expect(review?.isNeeded).toBe(true);
      if (review?.isNeeded === true) expect(review.doneAt).not.toBeNull();
    });
  });

  it('has on its agenda what belongs to its state, and where time must go on, something', () => {
    holds(({ ticket }) => {
      const keys = ticket.agenda.map(({ key }) => key);
      expect(keys.filter((key) => keysIn[ticket.state]?.includes(key) !== true)).toEqual([]);
      const isLed = ['implementing', 'backingOut', 'review', 'rejected'].includes(ticket.state);
      if (isLed) expect(keys.length).toBeGreaterThan(0);
    });
  });

  it('waits for an approval while a round of it runs, and no longer', () => {
    holds(({ ticket }) => {
      const rounds = detailsOf(ticket).approval?.rounds ?? [];
      const isRunning = rounds.some(({ result }) => result === null);
      expect(isRunning).toBe(ticket.state === 'awaitingApproval');
    });
  });

  it('has a way out of every state, details of its shape, and declared moves only', () => {
    holds(({ ticket, fact, owed }, before) => {
      expect(ChangeDetailsShape.strict().safeParse(ticket.details).error).toBeUndefined();
      expect(stored(ticket)).toEqual(ticket);
      const isOver = change.states[ticket.state as keyof typeof change.states] === 'final';
      expect(allowedCommands(change, ticket, manager).length > 0).toBe(!isOver);
      const timer = change.timers[fact.name as keyof typeof change.timers];
      if (fact.via !== 'engine') return;
      expect(timer.from).toContain(before.state);
      expect(timer.to).toContain(ticket.state === before.state ? 'same' : ticket.state);
      expect(Object.keys(change.notices)).toEqual(
        expect.arrayContaining(owed.notices.map(({ notice }) => notice)),
      );
    });
  });

  it('comes that far: each state is reached', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(openings, turns, (opening, given) => {
        live(opening, given, ({ ticket }) => seen.add(ticket.state));
      }),
      { numRuns: 400, seed: 7 },
    );
    expect([...seen].sort()).toEqual(Object.keys(change.states).sort());
  });
});
