/** Whatever is said to a problem, in whatever order: what it promises holds after every single fact. */
import * as fc from 'fast-check';
import { Refusal } from '../../models/errors';
import type { Happening } from '../../models/tickets/decide';
import type { Fact } from '../../models/tickets/fact';
import { allowedCommands } from '../../models/tickets/guard';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { aFact, later, people, stored, tell, until, type Told } from '../../tests/factories';
import { anAffected, aProblem, around, causes, changeId, commandInput } from '../../tests/problems';
import { detailsOf, fixedBy, incidentId } from '../../tests/problems';
import { ProblemDetailsShape } from './details';
import { problem } from './process';

const { agent, colleague, manager, requester } = people;
const some = { reason: 'Because.' };
const links = [causes(1), causes(2, { state: 'closed', hasEnded: true }), fixedBy(1, 'closed')];
const beside = (outcome: string, days: number) =>
  around(links, [
    anAffected(1),
    anAffected(7, { openedAt: later({ days }) }),
    anAffected(1, { id: changeId(1), type: 'change', outcome }),
  ]);

const simple = fc.constantFrom<[string, object]>(
  ['investigate', {}],
  ['startFix', {}],
  ['publishWorkaround', {}],
  ['withdrawWorkaround', some],
  ['recordKnownError', { symptoms: 'No mail.', isPublic: true }],
  ['publishKnownError', {}],
  ['retireKnownError', {}],
  ['close', {}],
  ['review', { findings: 'Well.' }],
  ['reopen', some],
  ['cancel', some],
  ['declareMajor', some],
  ['analyse', { summary: 'The backup.' }],
  ['analyse', { whys: ['It locks.'] }],
  ['prioritize', { impact: 'high' }],
  ['assign', { assigneeId: null }],
  ['reportRecurrence', { ticketId: incidentId(7) }],
  ['reportRecurrence', { note: 'By phone.' }],
);
const resolving = fc
  .record(
    {
      code: fc.constantFrom('fixed', 'riskAccepted', 'notReproducible'),
      notes: fc.constant('So.'),
      watchDays: fc.integer({ min: 0, max: 9 }),
      onRecurrence: fc.constantFrom('reopen', 'ask'),
    },
    { requiredKeys: ['code', 'notes'] },
  )
  .map((input): [string, object] => ['resolve', input]);
const proposing = fc
  .constantFrom('Restart it.', 'Stop it.')
  .map((text): [string, object] => ['proposeWorkaround', { text }]);
const told = fc.constantFrom<[string, object]>(
  ['linkedEnded', { kind: 'fixedBy', ticketId: changeId(1), byId: agent.id }],
  ['linked', { kind: 'causes', ticketId: incidentId(7), type: 'incident', number: 'INC7' }],
  ['released', { userId: agent.id }],
  ['commented', { body: 'Hm.', isPublic: true }],
  ['due', {}],
);
const turns = fc.array(
  fc.record({
    act: fc.oneof(
      { weight: 6, arbitrary: simple },
      { weight: 2, arbitrary: resolving },
      { weight: 2, arbitrary: proposing },
      { weight: 2, arbitrary: told },
    ),
    actor: fc.constantFrom(agent, agent, colleague, manager, requester),
    minutes: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 9_000 })),
    outcome: fc.constantFrom('successful', 'failed'),
    days: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 30 },
);
type Turn = typeof turns extends fc.Arbitrary<(infer T)[]> ? T : never;
type Look = (so: Happening, before: Ticket) => void;

function live(given: readonly Turn[], look: Look): void {
  let ticket = aProblem();
  let minutes = 0;
  for (const { act, actor, outcome, days, ...turn } of given) {
    minutes += turn.minutes;
    const [name, input] = act;
    const occurredAt = later({ minutes });
    const fact =
      name === 'due'
        ? until(occurredAt)
        : aFact(name, commandInput(name, input), { actor, occurredAt });
    ticket = happens(ticket, until(occurredAt), beside(outcome, days), look);
    ticket = happens(ticket, fact, beside(outcome, days), look);
  }
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

const none = { version: 0, text: null, publishedAt: null };
const workaroundOf = (ticket: Ticket) => detailsOf(ticket).workaround ?? none;

const holds = (look: Look) => {
  fc.assert(
    fc.property(turns, (given) => {
      live(given, look);
    }),
    { numRuns: 150 },
  );
};

describe('whatever happens to a problem, in whatever order', () => {
  it('is resolved with a resolution, an instant and a watch, and without them it is not', () => {
    holds(({ ticket }) => {
      const { resolution, watch } = detailsOf(ticket);
      const isEnded = ['resolved', 'closed'].includes(ticket.state);
      expect([resolution, watch, ticket.resolvedAt].map((one) => one !== null)).toEqual(
        Array.from({ length: 3 }, () => isEnded),
      );
    });
  });

  it('is watched while it is resolved, until quiet has confirmed it and only a review is owed', () => {
    holds(({ ticket }) => {
      const keys = ticket.agenda.map(({ key }) => key);
      const { watch, review } = detailsOf(ticket);
      if (ticket.state !== 'resolved') expect(keys).toEqual([]);
      else expect(keys.includes('watch')).toBe(watch?.confirmedAt === null);
      const isOwed = review?.isNeeded === true && review.doneAt === null;
      if (ticket.state === 'resolved') expect(keys.includes('reviewDue')).toBe(isOwed);
    });
  });

  it('is never closed without its review when it is major, nor with an open question by itself', () => {
    holds(({ ticket, fact }, before) => {
      if (ticket.state !== 'closed' || before.state === 'closed') return;
      const { major, review } = detailsOf(ticket);
      if (major !== null) expect(review?.doneAt ?? null).not.toBeNull();
      if (fact.via === 'engine') expect(detailsOf(before).watch?.isAsked).toBe(false);
    });
  });

  it('tells incidents only what is published, and counts its texts', () => {
    holds(({ ticket, owed }, before) => {
      const [was, is] = [workaroundOf(before), workaroundOf(ticket)];
      expect(is.version).toBeGreaterThanOrEqual(was.version);
      if (was.version === is.version) expect(was.text).toBe(is.text);
      const sent = owed.messages.filter(({ name }) => name === 'workaroundPublished');
      const { version, text } = is;
      for (const { input } of sent) expect(input).toMatchObject({ version, text });
      if (is.publishedAt === null) expect(sent).toEqual([]);
    });
  });

  it('has a known error only with something to know, and none that is gone', () => {
    holds(({ ticket }) => {
      const { knownError, rootCause, workaround, resolution } = detailsOf(ticket);
      if (knownError?.state !== 'published') return;
      expect([rootCause, workaround].some((one) => one !== null)).toBe(true);
      if (ticket.state === 'closed') expect(resolution?.code).not.toBe('fixed');
    });
  });

  it('has a way out of every state, details of its shape, and declared moves only', () => {
    holds(({ ticket, fact, owed }, before) => {
      expect(ProblemDetailsShape.strict().safeParse(ticket.details).error).toBeUndefined();
      expect(stored(ticket)).toEqual(ticket);
      const isOver = problem.states[ticket.state as keyof typeof problem.states] === 'final';
      expect(allowedCommands(problem, ticket, manager).length > 0).toBe(!isOver);
      expect(Object.keys(problem.notices)).toEqual(
        expect.arrayContaining(owed.notices.map(({ notice }) => notice)),
      );
      if (fact.via !== 'engine') return;
      const timer = problem.timers[fact.name as keyof typeof problem.timers];
      expect(timer.from).toContain(before.state);
      expect(timer.to).toContain(ticket.state === before.state ? 'same' : ticket.state);
    });
  });

  it('comes that far: each state is reached', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(turns, (given) => {
        live(given, ({ ticket }) => seen.add(ticket.state));
      }),
      { numRuns: 200, seed: 7 },
    );
    seen.add('logged');
    expect([...seen].sort()).toEqual(Object.keys(problem.states).sort());
  });
});
