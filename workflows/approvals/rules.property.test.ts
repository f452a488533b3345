/** Whatever is said to a round, in whatever order: it waits for somebody and for an instant, or it is over. */
import * as fc from 'fast-check';
import { Refusal } from '../../models/errors';
import type { Fact } from '../../models/tickets/fact';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  aFact,
  knownPeople,
  later,
  monday,
  opened,
  people,
  processOf,
  stored,
  teams,
  tell,
  until,
  uuid,
} from '../../tests/factories';
import { ApprovalDetailsShape } from './details';
import { approval } from './process';

const { requester, agent, colleague, manager, admin, other } = people;
const desk = [agent, colleague, manager, other, requester];
const subjectId = uuid(81);

const specs = fc.array(
  fc.constantFrom(
    { kind: 'team', id: teams.desk },
    { kind: 'team', id: teams.desk, veto: true },
    { kind: 'person', id: agent.id },
    { kind: 'person', id: uuid(99) },
    { kind: 'role', id: 'manager', veto: true },
    { kind: 'relation', relation: 'requesterManager' },
    { kind: 'relation', relation: 'serviceOwner' },
  ),
  { minLength: 1, maxLength: 3 },
);
const quorums = fc.oneof(
  fc.record({ kind: fc.constant('count'), n: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('percent'), percent: fc.integer({ min: 1, max: 100 }) }),
  fc.constantFrom(...['majority', 'everyone', 'anyone', 'first'].map((kind) => ({ kind }))),
);
const openings = fc.record({
  approvers: specs,
  quorum: quorums,
  mayApproveOwn: fc.boolean(),
  barredIds: fc.subarray(desk.map(({ id }) => id)),
  answersByEngine: fc.boolean(),
  onExpiry: fc.constantFrom('approve', 'reject', 'expire'),
  expiresInHours: fc.integer({ min: 1, max: 200 }),
  remindEveryHours: fc.option(fc.integer({ min: 1, max: 50 })),
  subjectId: fc.option(fc.constant(subjectId)),
});

/** Who is where at one moment: any of them may have left, and may stand in for another. */
const worlds = fc.record({
  active: fc.subarray(desk.map(({ id }) => id)),
  managers: fc.subarray([manager.id, admin.id]),
  away: fc.constantFrom(...desk.map(({ id }) => id)),
  substitute: fc.constantFrom(...desk.map(({ id }) => id)),
  isSubjectOpen: fc.boolean(),
});
type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

function contextOf(world: World): Context {
  const named = (id: string) => knownPeople.find((one) => one.id === id);
  const member = (ids: readonly string[]) => knownPeople.filter(({ id }) => ids.includes(id));
  return aContext({
    person: (id) => {
      const found = named(id);
      const substitute = id === world.away ? (named(world.substitute) ?? null) : null;
      return found && { ...found, substitute, isActive: world.active.includes(id) };
    },
    people: (kind, id) => {
      if (kind === 'holdersOf') return id === 'manager' ? member(world.managers) : [];
      return kind === 'membersOf' ? member(world.active) : member(world.active.slice(0, 1));
    },
    ticket: (id) => ({
      ...{ id, type: 'change', number: 'CHG0000001', title: 'Mail moves' },
      ...{ requesterId: requester.id, serviceId: null, isOpen: world.isSubjectOpen },
    }),
  });
}

const anybody = fc.constantFrom(...desk, admin);
const answers = fc
  .record({
    name: fc.constantFrom('approve', 'reject', 'abstain', 'ask'),
    actor: anybody,
    via: fc.constantFrom('api' as const, 'signal' as const),
    seen: fc.constantFrom(undefined, undefined, 'another'),
  })
  .map(({ name, actor, via, seen }) =>
    aFact(name, { comment: 'Well', by: actor.id }, { actor, via, ...(seen && { seen }) }),
  );
const words = fc.oneof(
  fc.constant(aFact('recheck', {})),
  fc.integer({ min: 0, max: 3 }).map((cost) => aFact('restated', { shown: { cost } })),
);
const ends = fc.oneof(
  fc.constant(aFact('withdrawn', { reason: 'cancelled' })),
  anybody.map((actor) => aFact('recall', {}, { actor })),
  anybody.map((actor) => aFact('recordDecision', { result: 'approved' }, { actor })),
);
const remind = anybody.map((actor) => aFact('remind', {}, { actor }));
const time = fc.constant(until(monday));
const turns = fc.array(
  fc.record({
    world: worlds,
    fact: fc.oneof(
      { weight: 6, arbitrary: answers },
      { weight: 3, arbitrary: words },
      { weight: 2, arbitrary: time },
      { weight: 1, arbitrary: remind },
      { weight: 1, arbitrary: ends },
    ),
    hours: fc.integer({ min: 0, max: 30 }),
  }),
  { maxLength: 25 },
);

function expectNotHanging(ticket: Ticket): void {
  const { votes, voters, outcome } = ApprovalDetailsShape.parse(ticket.details);
  const voted = votes.map(({ approverId }) => approverId);
  expect(new Set(voted).size).toBe(voted.length);
  expect(voters.map(({ id }) => id)).toEqual(expect.arrayContaining(voted));
  expect(ticket.awaitedIds.filter((id) => voted.includes(id))).toEqual([]);
  if (approval.states[ticket.state as keyof typeof approval.states] === 'open') {
    expect(ticket.awaitedIds.length).toBeGreaterThan(0);
    expect(ticket.agenda.map(({ key }) => key)).toContain('expiry');
    expect(outcome).toBeNull();
  } else {
    expect([ticket.awaitedIds, ticket.agenda]).toEqual([[], []]);
    expect(outcome).toMatchObject({ result: ticket.state });
  }
  expect(stored(ticket.details)).toEqual(ticket.details);
}

/** The ticket after a fact; as it was when the fact is refused. */
function after(ticket: Ticket, fact: Fact, context: Context): Ticket {
  try {
    return tell(ticket, [fact], context).ticket;
  } catch (error) {
    if (error instanceof Refusal) return ticket;
    throw error;
  }
}

describe('a round of approval', () => {
  it('never hangs: it waits for somebody, and ends by itself', () => {
    fc.assert(
      fc.property(openings, worlds, turns, (given, first, told) => {
        const input = processOf('approval').inputs.open.parse({
          ...{ title: 'A monitor', description: '240 EUR', shown: { cost: 1 } },
          ...given,
        });
        const fact = aFact('opened', input, { actor: requester, occurredAt: monday, via: 'rule' });
        let { ticket } = opened(fact, contextOf(first), processOf('approval'));
        expectNotHanging(ticket);
        let passed = 0;
        for (const turn of told) {
          passed += turn.hours;
          const at = later({ hours: passed });
          ticket = after(ticket, { ...turn.fact, occurredAt: at }, contextOf(turn.world));
          expectNotHanging(ticket);
        }
        const end = until(later({ hours: passed + given.expiresInHours }));
        expect(after(ticket, end, contextOf(first)).state).not.toBe('pending');
      }),
      { numRuns: 400 },
    );
  });
});
