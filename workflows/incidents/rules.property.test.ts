import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { Refusal } from '../../models/errors';
import { plusSeconds } from '../../models/instant';
import type { Happening } from '../../models/tickets/decide';
import { dueEntries } from '../../models/tickets/decide';
import type { Fact } from '../../models/tickets/fact';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  anIncident,
  categories,
  incidentProcess,
  monday,
  people,
  services,
  stored,
  teams,
  tell,
  until,
  uuid,
  type Told,
} from '../../tests/factories';
import type { Review } from '../review';
import { IncidentDetailsShape } from './details';
import { incident } from './process';

const teamId = fc.constantFrom(null, teams.desk, teams.network, teams.dissolved, uuid(99));
const assigneeId = fc.constantFrom(
  null,
  people.agent.id,
  people.colleague.id,
  people.requester.id,
  uuid(99),
);
const level = fc.constantFrom('high', 'medium', 'low');
const days = (n: number) => plusSeconds(monday, n * 86_400);

const acts = fc.oneof(
  fc.record({
    name: fc.constant('assign'),
    input: fc.record({ teamId, assigneeId }, { requiredKeys: [] }),
  }),
  fc.record({
    name: fc.constantFrom(
      'start',
      'resume',
      'acknowledge',
      'close',
      'standDownMajor',
      'deescalate',
    ),
    input: fc.constant({}),
  }),
  fc.record({
    name: fc.constant('hold'),
    input: fc.oneof(
      fc.record({ reason: fc.constantFrom('vendor', 'change', 'problem', 'customer') }),
      fc.constant({ reason: 'customer', comment: 'Which one?' }),
      fc.record({
        reason: fc.constant('scheduled'),
        until: fc.integer({ min: -1, max: 9 }).map(days),
      }),
    ),
  }),
  fc.record({
    name: fc.constant('prioritize'),
    input: fc.record(
      {
        impact: level,
        urgency: level,
        override: fc.constantFrom(null, 'P1', 'P5'),
        reason: fc.constant('Because.'),
      },
      { requiredKeys: ['reason'] },
    ),
  }),
  fc.record({
    name: fc.constant('classify'),
    input: fc.record({
      categoryId: fc.constantFrom(null, ...Object.values(categories)),
      serviceId: fc.constantFrom(null, ...Object.values(services)),
    }),
  }),
  fc.record({
    name: fc.constant('escalate'),
    input: fc.oneof(
      fc.record({ kind: fc.constant('functional'), teamId: teamId.filter((id) => id !== null) }),
      fc.record(
        {
          kind: fc.constant('hierarchical'),
          reason: fc.constant('x'),
          level: fc.integer({ min: 1, max: 5 }),
        },
        { requiredKeys: ['kind', 'reason'] },
      ),
    ),
  }),
  fc.record({
    name: fc.constantFrom('declareMajor', 'reopen', 'cancel'),
    input: fc.constant({ reason: 'Because.' }),
  }),
  fc.record({
    name: fc.constant('declareMajor'),
    input: fc.record(
      {
        reason: fc.constant('Because.'),
        coordinatorId: fc.constantFrom(people.colleague.id, people.requester.id),
        updateEveryMinutes: fc.constantFrom(null, 15, 60),
        communication: fc.constant('We know.'),
      },
      { requiredKeys: ['reason'] },
    ),
  }),
  fc.record({
    name: fc.constant('coordinate'),
    input: fc.record({ coordinatorId: fc.constantFrom(people.agent.id, people.other.id) }),
  }),
  fc.record({
    name: fc.constant('postUpdate'),
    input: fc.record(
      { body: fc.constant('Half of it works.'), nextInMinutes: fc.constant(15) },
      { requiredKeys: ['body'] },
    ),
  }),
  fc.record({
    name: fc.constant('reviewMajor'),
    input: fc.constant({ findings: 'One line is too few.' }),
  }),
  fc.record({
    name: fc.constant('resolve'),
    input: fc.record({ code: fc.constantFrom('solved', 'magic'), notes: fc.constant('Done.') }),
  }),
  fc.record({
    name: fc.constant('commented'),
    input: fc.record({ body: fc.constant('Hm.'), isPublic: fc.boolean() }),
  }),
  fc.record({
    name: fc.constantFrom('watched', 'unwatched'),
    input: fc.record({ userId: fc.constantFrom(people.other.id, people.manager.id) }),
  }),
  fc.record({
    name: fc.constant('released'),
    input: fc.record({ userId: fc.constantFrom(people.agent.id, people.colleague.id) }),
  }),
  fc.record({ name: fc.constant('edited'), input: fc.record({ title: fc.constant('Other') }) }),
  fc.record({ name: fc.constant('due'), input: fc.constant({}) }),
  fc.record({ name: fc.constantFrom('constructor', 'toString'), input: fc.constant({}) }),
);

interface Act {
  readonly name: string;
  readonly input: unknown;
}

const { requester, other, agent, manager } = people;
/** Minutes since the last fact; some come late. */
const step = fc.oneof(
  fc.integer({ min: 0, max: 90 }),
  fc.integer({ min: 0, max: 4 * 1440 }),
  fc.integer({ min: -2 * 1440, max: 0 }),
);
const facts = fc
  .array(fc.tuple(acts, fc.constantFrom(requester, other, agent, agent, manager), step), {
    maxLength: 25,
  })
  .map((given) => factsOf(given));

function factsOf(given: readonly [Act, Fact['actor'], number][]): Fact[] {
  let minutes = 0;
  return given.map(([{ name, input }, actor, passed], k) => {
    minutes = Math.max(0, minutes + passed);
    const occurredAt = plusSeconds(monday, minutes * 60);
    const cause = `cause-${k}`;
    if (name === 'due') return { ...until(occurredAt), cause };
    return { cause, name, input, actor, via: 'api', occurredAt };
  });
}

/** Applies what may happen; a refusal changes nothing, any other error is a bug and goes on up. */
function live(begun: Ticket, told: readonly Fact[]): Told {
  return told.reduce<Told>(
    (so, fact) => {
      const before = timePasses(so, fact);
      try {
        return joined(before, tell(before.ticket, [fact]));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return before;
      }
    },
    { ticket: begun, happenings: [] },
  );
}

/** What was due before a fact stays done even when the fact is refused. */
const timePasses = (so: Told, { occurredAt }: Fact): Told =>
  joined(so, tell(so.ticket, [until(occurredAt)]));
const joined = (a: Told, b: Told): Told => ({
  ticket: b.ticket,
  happenings: [...a.happenings, ...b.happenings],
});

const awaitsReview = (review: Review | null) => review !== null && review.doneAt === null;

const begun = anIncident();
const runs = { numRuns: 40 };

const holds = (isTrue: (so: Told) => void) => {
  fc.assert(
    fc.property(facts, (told) => {
      isTrue(live(begun, told));
    }),
    runs,
  );
};

const each = (so: Told, isTrue: (before: Ticket, happening: Happening) => void) => {
  so.happenings.forEach((happening, k) => {
    isTrue(so.happenings[k - 1]?.ticket ?? begun, happening);
  });
};

describe('whatever happens to an incident, in whatever order', () => {
  it('ends in a declared state with details of the declared shape', () => {
    holds(({ ticket }) => {
      expect(Object.keys(incident.states)).toContain(ticket.state);
      expect(IncidentDetailsShape.strict().safeParse(ticket.details).error).toBeUndefined();
    });
  });

  it('counts the version by events and the revision by one', () => {
    holds((so) => {
      each(so, (before, { ticket, events }) => {
        expect(ticket.version).toBe(before.version + events.length);
        expect(ticket.revision).toBe(before.revision + 1);
        expect(events.map(({ version }) => version)).toEqual(
          events.map((_, k) => before.version + k + 1),
        );
      });
    });
  });

  it('gives every event a cause of its own', () => {
    holds(({ happenings }) => {
      const causes = happenings.flatMap(({ events }) => events.map(({ cause }) => cause));
      expect(new Set(causes).size).toBe(causes.length);
    });
  });

  it('keeps an agenda that is sorted, says each thing once and belongs to a version', () => {
    holds((so) => {
      each(so, (_, { ticket }) => {
        const { agenda, version } = ticket;
        const keys = agenda.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(agenda).toEqual(dueEntries(agenda, '9999-12-31T23:59:59.999Z'));
        expect(agenda.every(({ n }) => n > 0 && n <= version)).toBe(true);
      });
    });
  });

  it('has nothing ahead of it once it is over', () => {
    holds((so) => {
      each(so, (_, { ticket }) => {
        const isOver = ticket.state === 'closed' || ticket.state === 'cancelled';
        if (isOver) expect(ticket.agenda).toEqual([]);
        if (isOver) expect(ticket.clocks.map(({ state }) => state)).not.toContain('running');
      });
    });
  });

  it('has entries for running clocks only', () => {
    holds((so) => {
      each(so, (_, { ticket }) => {
        const running = ticket.clocks.filter(({ state }) => state === 'running');
        const named = ticket.agenda.flatMap(({ key }) =>
          key.startsWith('sla.') ? [key.split('.')[1]] : [],
        );
        expect(running.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
      });
    });
  });

  it('never acts on the same agenda entry twice', () => {
    holds(({ happenings }) => {
      const acted = happenings
        .filter(({ fact }) => fact.via === 'engine')
        .map(({ fact }) => fact.cause);
      expect(new Set(acted).size).toBe(acted.length);
    });
  });

  it('agrees with itself: hold, resolution and closing go with the state', () => {
    holds((so) => {
      each(so, (_, { ticket }) => {
        const { state, details, resolvedAt, closedAt } = ticket;
        expect(details['hold'] !== null).toBe(state === 'onHold');
        expect(closedAt !== null).toBe(state === 'closed');
        if (state === 'resolved' || state === 'closed') expect(resolvedAt).not.toBeNull();
        if (state !== 'resolved' && state !== 'closed' && state !== 'cancelled') {
          expect([resolvedAt, details['resolution']]).toEqual([null, null]);
        }
      });
    });
  });

  it('waits for the end of a hold only on hold, for its closing only when resolved', () => {
    holds((so) => {
      each(so, (_, { ticket }) => {
        const keys = ticket.agenda.map(({ key }) => key);
        if (keys.includes('holdUntil')) expect(ticket.state).toBe('onHold');
        expect(keys.includes('autoClose')).toBe(ticket.state === 'resolved');
      });
    });
  });

  it('waits for updates only as a major one that is not resolved, and for its review when it is', () => {
    holds((so) => {
      each(so, (before, { ticket, fact }) => {
        const { state, details, agenda } = ticket;
        const { major, majorReview } = IncidentDetailsShape.parse(details);
        const keys = agenda.map(({ key }) => key);
        const isResolved = state === 'resolved';
        if (keys.includes('majorUpdate'))
          expect([major !== null, isResolved]).toEqual([true, false]);
        if (keys.includes('reviewDue')) expect(isResolved).toBe(true);
        if (isResolved) expect(keys.includes('reviewDue')).toBe(awaitsReview(majorReview));
        if (isResolved && major !== null) expect(majorReview).not.toBeNull();
        const isClosing = state === 'closed' && before.state !== 'closed';
        if (isClosing) expect([fact.name, awaitsReview(majorReview)]).toEqual([fact.name, false]);
      });
    });
  });

  it('belongs to somebody once it is started or resolved', () => {
    holds((so) => {
      each(so, (_, { fact, ticket }) => {
        if (['start', 'resolve'].includes(fact.name)) expect(ticket.assigneeId).not.toBeNull();
      });
    });
  });

  it('tells people only what is declared', () => {
    holds(({ happenings }) => {
      const notices = happenings.flatMap(({ owed }) => owed.notices.map(({ notice }) => notice));
      expect(Object.keys(incident.notices)).toEqual(expect.arrayContaining(notices));
    });
  });

  it('becomes the same by the same facts, and from a stored copy', () => {
    fc.assert(
      fc.property(facts, facts, (first, second) => {
        const { ticket } = live(begun, first);
        expect(isDeepStrictEqual(live(begun, first).ticket, ticket)).toBe(true);
        const renamed = second.map((fact) => ({ ...fact, cause: `second-${fact.cause}` }));
        expect(live(stored(ticket), renamed).ticket).toEqual(live(ticket, renamed).ticket);
      }),
      { numRuns: 30 },
    );
  });

  it('is not changed by what is done to it: rules leave their input alone', () => {
    holds(({ ticket }) => {
      const copy = structuredClone(ticket);
      live(ticket, [{ ...until('2027-01-01T00:00:00.000Z') }]);
      expect(ticket).toEqual(copy);
    });
  });
});

describe('the incident process with which this is tried', () => {
  it('is the registered one', () => {
    expect(incidentProcess.declaration).toBe(incident);
    expect(aContext().agreement.policies).toHaveLength(1);
  });
});
