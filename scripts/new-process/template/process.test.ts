/** Who may do what in which state, written down apart from the declaration that it judges. */
import { allowedCommands } from '../../../models/tickets/guard';
import {
  aFact,
  anOpening,
  monday,
  opened,
  people,
  refusalOf,
  tell,
} from '../../../tests/factories';
import { sampleDeclaration } from './process';
import { sampleProcess } from './rules';

const fresh = opened(
  aFact('opened', anOpening(), { actor: people.requester, occurredAt: monday }),
  undefined,
  sampleProcess,
).ticket;
const after = (...told: [command: string, input: object][]) =>
  tell(
    fresh,
    told.map(([command, input]) => aFact(command, input)),
    undefined,
    sampleProcess,
  ).ticket;

const inputs = {
  assign: { assigneeId: people.colleague.id },
  start: {},
  finish: { outcome: 'It is there.' },
  cancel: { reason: 'Sent twice.' },
};
const tickets = {
  open: fresh,
  inProgress: after(['start', {}]),
  done: after(['start', {}], ['finish', inputs.finish]),
  cancelled: after(['cancel', inputs.cancel]),
};
type State = keyof typeof tickets;
const states: readonly State[] = ['open', 'inProgress', 'done', 'cancelled'];

/** What each command makes of a state; a state that is not named refuses it. */
const leads: Readonly<Record<keyof typeof inputs, Partial<Record<State, State>>>> = {
  assign: { open: 'open', inProgress: 'inProgress' },
  start: { open: 'inProgress' },
  finish: { inProgress: 'done' },
  cancel: { open: 'cancelled', inProgress: 'cancelled' },
};

describe('the command table', () => {
  it('is the whole of what can be commanded', () => {
    expect(Object.keys(leads).sort()).toEqual(Object.keys(sampleDeclaration.commands).sort());
    expect(states.map((state) => tickets[state].state)).toEqual(states);
  });

  it.each(
    Object.entries(leads).flatMap(([command, to]) =>
      states.map((state) => ({ command, state, to: to[state] ?? 'refused' })),
    ),
  )('$command in $state: $to', ({ command, state, to }) => {
    const fact = aFact(command, inputs[command as keyof typeof inputs]);
    const attempt = () => tell(tickets[state], [fact], undefined, sampleProcess).ticket.state;
    if (to === 'refused') expect(refusalOf(attempt).code).toBe('invalid_transition');
    else expect(attempt()).toBe(to);
  });

  it('is for agents; the requester cancels as long as nobody has begun', () => {
    const allowed = (state: State, who: keyof typeof people) =>
      allowedCommands(sampleDeclaration, tickets[state], people[who]);
    expect(allowed('open', 'agent')).toEqual(['assign', 'start', 'cancel']);
    expect(allowed('inProgress', 'agent')).toEqual(['assign', 'finish', 'cancel']);
    expect(allowed('open', 'requester')).toEqual(['cancel']);
    expect(allowed('inProgress', 'requester')).toEqual([]);
    for (const state of states) expect(allowed(state, 'other')).toEqual([]);
  });
});
