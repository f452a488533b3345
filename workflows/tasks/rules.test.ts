import type { Fact } from '../../models/tickets/fact';
import {
  aFact,
  eventsOf,
  later,
  monday,
  noticesOf,
  opened,
  people,
  processOf,
  services,
  teams,
  tell,
  until,
  uuid,
} from '../../tests/factories';
import { taskInputs } from './inputs';
import { task } from './process';

const subjectId = uuid(91);
const dueAt = later({ days: 1 });

function aTask(input: object = {}) {
  const opening = taskInputs.open.parse({
    ...{
      title: 'Place the desk',
      description: 'For REQ0000042.',
      requesterId: people.requester.id,
    },
    ...{ serviceId: null, channel: 'portal', subjectId, key: 'desk' },
    ...input,
  });
  const fact = aFact('opened', opening, { actor: people.requester, occurredAt: monday });
  return opened(fact, undefined, processOf(task.type)).ticket;
}

const after = (input: object, ...facts: Fact[]) => tell(aTask(input), facts);
const endOf = (told: ReturnType<typeof after>) =>
  told.happenings.flatMap(({ owed }) => owed.messages);

describe('a task', () => {
  it('goes to the team of its plan, else of its service, else the default one', () => {
    const teamOf = (input: object) => aTask(input).teamId;
    expect(teamOf({ teamId: teams.network })).toBe(teams.network);
    expect(teamOf({ teamId: teams.dissolved, serviceId: services.mail })).toBe(teams.network);
    expect(teamOf({})).toBe(teams.desk);
  });

  it('tells who asked for it what came of it, with one of its words', () => {
    const done = after({ outcomes: ['new', 'old'] }, aFact('complete', { outcome: 'old' }));
    expect(done.ticket).toMatchObject({ state: 'done', assigneeId: people.agent.id });
    expect(endOf(done)).toMatchObject([
      {
        ticketId: subjectId,
        name: 'taskEnded',
        input: { key: 'desk', isDone: true, outcome: 'old' },
      },
    ]);
    expect(() => after({ outcomes: ['new'] }, aFact('complete', { outcome: 'broken' }))).toThrow(
      'must be one of new',
    );
  });

  it('tells that it cannot be done, and nothing when it was withdrawn', () => {
    const not = after({}, aFact('cancel', { reason: 'No desks.' }));
    expect(endOf(not)).toMatchObject([{ input: { isDone: false, note: 'No desks.' } }]);
    const withdrawn = aFact('withdrawn', { reason: 'Cancelled.' }, { via: 'signal' });
    const stopped = after({}, aFact('start', {}), withdrawn);
    expect([stopped.ticket.state, endOf(stopped)]).toEqual(['cancelled', []]);
    expect(noticesOf(stopped)).toContainEqual(['assignee', 'withdrawn']);
  });

  it('is not withdrawn once it is done', () => {
    const late = aFact('withdrawn', { reason: 'x' }, { via: 'signal' });
    expect(after({}, aFact('complete', {}), late).ticket.state).toBe('done');
  });

  it('reminds of its day once a day for a week, the team lead from the second time on', () => {
    const told = after({ dueAt }, until(later({ days: 30 })));
    expect(eventsOf(told).filter((type) => type === 'overdue')).toHaveLength(7);
    expect(noticesOf(told).filter(([to]) => to === 'teamLead')).toHaveLength(6);
    expect(told.ticket.plannedEnd).toBe(dueAt);
  });
});
