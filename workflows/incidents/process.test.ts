import { Refusal } from '../../models/errors';
import { decide } from '../../models/tickets/decide';
import { allowedCommands } from '../../models/tickets/guard';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  aFact,
  anIncidentIn,
  categories,
  incidentProcess,
  later,
  people,
  teams,
  tell,
  type IncidentState,
} from '../../tests/factories';
import { incident } from './process';

// The command table of the specification, written down apart from the declaration that it judges.
const unresolved = ['new', 'assigned', 'inProgress', 'onHold'] as const;
const anyOpen = [...unresolved, 'resolved'] as const;
const states = [...anyOpen, 'closed', 'cancelled'] as const;

const who = {
  requester: people.requester,
  'another end user': people.other,
  agent: people.agent,
  manager: people.manager,
} as const;
type Who = keyof typeof who;
const actors: readonly Who[] = ['requester', 'another end user', 'agent', 'manager'];
const agents = ['agent', 'manager'] as const;
const managers = ['manager'] as const;

interface Row {
  readonly name: string;
  readonly command: string;
  readonly input: object;
  readonly from: readonly IncidentState[];
  readonly to: IncidentState | 'same' | ((from: IncidentState) => IncidentState);
  readonly by: readonly Who[];
  /** States in which the requester may do it, too. */
  readonly requester?: readonly IncidentState[];
  /** Asked of a major incident; of another one its rule refuses it. */
  readonly isOfMajor?: true;
  /** Not refused by the guard but by the rule, because of what is asked. */
  readonly isFiner?: true;
}

const rows: readonly Row[] = [
  {
    name: 'assign to a team',
    command: 'assign',
    input: { teamId: teams.network },
    from: anyOpen,
    to: (from) => (from === 'new' ? 'assigned' : from),
    by: agents,
  },
  {
    name: 'assign to a person',
    command: 'assign',
    input: { assigneeId: people.colleague.id },
    from: anyOpen,
    to: (from) => (from === 'new' ? 'assigned' : from),
    by: agents,
  },
  {
    name: 'unassign',
    command: 'assign',
    input: { teamId: null, assigneeId: null },
    from: anyOpen,
    to: 'same',
    by: agents,
  },
  {
    name: 'start',
    command: 'start',
    input: {},
    from: ['new', 'assigned'],
    to: 'inProgress',
    by: agents,
  },
  ...(['customer', 'vendor', 'change', 'problem'] as const).map((reason) => ({
    name: `hold for the ${reason}`,
    command: 'hold',
    input: { reason },
    from: unresolved,
    to: 'onHold' as const,
    by: agents,
  })),
  {
    name: 'hold until a time',
    command: 'hold',
    input: { reason: 'scheduled', until: later({ days: 1 }) },
    from: unresolved,
    to: 'onHold',
    by: agents,
  },
  { name: 'resume', command: 'resume', input: {}, from: ['onHold'], to: 'inProgress', by: agents },
  {
    name: 'prioritize',
    command: 'prioritize',
    input: { impact: 'high' },
    from: anyOpen,
    to: 'same',
    by: agents,
  },
  {
    name: 'override the priority',
    command: 'prioritize',
    input: { override: 'P1', reason: 'The board is waiting.' },
    from: anyOpen,
    to: 'same',
    by: managers,
    isFiner: true,
  },
  {
    name: 'classify',
    command: 'classify',
    input: { categoryId: categories.software },
    from: anyOpen,
    to: 'same',
    by: agents,
  },
  {
    name: 'escalate functionally',
    command: 'escalate',
    input: { kind: 'functional', teamId: teams.network },
    from: anyOpen,
    to: 'assigned',
    by: agents,
  },
  {
    name: 'escalate hierarchically',
    command: 'escalate',
    input: { kind: 'hierarchical', reason: 'No progress.' },
    from: anyOpen,
    to: 'same',
    by: agents,
  },
  {
    name: 'deescalate',
    command: 'deescalate',
    input: {},
    from: anyOpen,
    to: 'same',
    by: agents,
  },
  {
    name: 'acknowledge',
    command: 'acknowledge',
    input: {},
    from: anyOpen,
    to: 'same',
    by: agents,
  },
  {
    name: 'declare major',
    command: 'declareMajor',
    input: { reason: 'All sites.' },
    from: anyOpen,
    to: 'same',
    by: managers,
  },
  {
    name: 'stand down major',
    command: 'standDownMajor',
    input: {},
    from: anyOpen,
    to: 'same',
    by: managers,
  },
  {
    name: 'coordinate',
    command: 'coordinate',
    input: { coordinatorId: people.colleague.id },
    from: anyOpen,
    to: 'same',
    by: agents,
    isOfMajor: true,
  },
  {
    name: 'post an update',
    command: 'postUpdate',
    input: { body: 'The line is being repaired.' },
    from: unresolved,
    to: 'same',
    by: agents,
    isOfMajor: true,
  },
  {
    name: 'review major',
    command: 'reviewMajor',
    input: { findings: 'There was one line only.' },
    from: ['resolved'],
    to: 'same',
    by: agents,
    isOfMajor: true,
  },
  {
    name: 'resolve',
    command: 'resolve',
    input: { code: 'solved', notes: 'Queue restarted.' },
    from: unresolved,
    to: 'resolved',
    by: agents,
  },
  {
    name: 'reopen',
    command: 'reopen',
    input: { reason: 'Not solved.' },
    from: ['resolved'],
    to: 'inProgress',
    by: agents,
    requester: ['resolved'],
  },
  {
    name: 'close',
    command: 'close',
    input: {},
    from: ['resolved'],
    to: 'closed',
    by: agents,
    requester: ['resolved'],
  },
  {
    name: 'cancel',
    command: 'cancel',
    input: { reason: 'Sent twice.' },
    from: anyOpen,
    to: 'cancelled',
    by: agents,
    requester: ['new'],
  },
];

const mayIn = (row: Row, state: IncidentState, actor: Who) =>
  row.from.includes(state) &&
  (row.by.includes(actor) || (actor === 'requester' && row.requester?.includes(state) === true));

/** What the table leaves open, by command; in no order. */
const openTo = (state: IncidentState, actor: Who) =>
  new Set(rows.filter((row) => mayIn(row, state, actor)).map(({ command }) => command));

/** Who could do it in some other state hears about the state, everybody else about rights. */
const refusalFor = (row: Row, actor: Who) => {
  const couldElsewhere = row.by.includes(actor) || (actor === 'requester' && row.requester);
  return couldElsewhere ? 'invalid_transition' : 'forbidden';
};

const isDead = (state: IncidentState) => state === 'closed' || state === 'cancelled';

const cases = rows.flatMap((row) =>
  states.flatMap((state) =>
    actors.map((actor) => {
      const expected = mayIn(row, state, actor) ? arrival(row, state) : refusalFor(row, actor);
      // An agent may prioritize, so that on a dead ticket the state is what stands in the way.
      const finer = row.isFiner && actor === 'agent' && isDead(state);
      return {
        row,
        state,
        actor,
        name: row.name,
        expected: finer ? 'invalid_transition' : expected,
      };
    }),
  ),
);

function arrival({ to }: Row, from: IncidentState): IncidentState {
  if (to === 'same') return from;
  return typeof to === 'function' ? to(from) : to;
}

function attempt(ticket: Ticket, command: string, input: object, actor: Who) {
  const fact = aFact(command, input, { actor: who[actor] });
  try {
    return decide(incidentProcess, ticket, fact, aContext()).ticket.state;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const incidents = new Map(states.map((state) => [state, anIncidentIn(state)]));
const incidentIn = (state: IncidentState) => incidents.get(state) ?? anIncidentIn(state);
const declaring = aFact('declareMajor', { reason: 'All sites.' }, { actor: people.manager });
const majorIn = (state: IncidentState) =>
  isDead(state) ? incidentIn(state) : tell(incidentIn(state), [declaring]).ticket;

describe('the command table', () => {
  it.each(cases)('$name of an incident in $state by $actor: $expected', (one) => {
    const { row, state, actor, expected } = one;
    const ticket = row.isOfMajor ? majorIn(state) : incidentIn(state);
    const outcome = attempt(ticket, row.command, row.input, actor);
    if (!(outcome instanceof Refusal)) {
      expect(outcome).toBe(expected);
      return;
    }
    expect(outcome.code).toBe(expected);
    if (row.isFiner && !isDead(state) && actor === 'agent') return;
    const { allowed } = outcome.details;
    expect(new Set(Array.isArray(allowed) ? allowed : [])).toEqual(openTo(state, actor));
  });

  it.each(states.flatMap((state) => actors.map((actor) => ({ state, actor }))))(
    'lists what $actor may do with an incident in $state',
    ({ state, actor }) => {
      const listed = allowedCommands(incident, incidentIn(state), who[actor]);
      expect(new Set(listed)).toEqual(openTo(state, actor));
      expect(listed).toHaveLength(openTo(state, actor).size);
    },
  );

  it('is the whole of what can be commanded', () => {
    expect(new Set(rows.map(({ command }) => command))).toEqual(
      new Set(Object.keys(incident.commands)),
    );
  });

  it('lets an admin do what a manager does', () => {
    for (const state of states) {
      const ticket = incidentIn(state);
      expect(allowedCommands(incident, ticket, people.admin)).toEqual(
        allowedCommands(incident, ticket, people.manager),
      );
    }
  });

  it('goes to assigned after a hold when nobody had started', () => {
    const told = tell(anIncidentIn('new'), [
      aFact('hold', { reason: 'vendor' }),
      aFact('resume', {}),
    ]);
    expect(told.ticket.state).toBe('assigned');
  });

  it('goes to assigned when reopened while nobody has it', () => {
    const told = tell(anIncidentIn('resolved'), [
      aFact('assign', { assigneeId: null }),
      aFact('reopen', { reason: 'Not solved.' }, { actor: people.requester }),
    ]);
    expect(told.ticket.state).toBe('assigned');
  });
});
