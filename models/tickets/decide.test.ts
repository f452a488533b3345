import { z } from 'zod';
import { errandProcess } from '../../tests/errands/process';
import {
  aContext,
  aFact,
  anIncident,
  anIncidentIn,
  incidentProcess,
  later,
  monday,
  people,
  tell,
} from '../../tests/factories';
import { changesBetween, watchedOf } from './changes';
import { decide, dueEntries, factOfEntry, isSettled } from './decide';
import { kernelFacts, type Fact } from './fact';
import type { AgendaEntry, Ticket } from './ticket';

const entry = (key: string, at = monday, n = 1): AgendaEntry => ({ key, at, n, what: key });

describe('what is due', () => {
  it('is in the order of time, then of keys', () => {
    const agenda = [entry('c', later({ hours: 2 })), entry('b'), entry('a'), entry('z', monday)];
    expect(dueEntries(agenda, later({ hours: 2 })).map(({ key }) => key)).toEqual([
      'a',
      'b',
      'z',
      'c',
    ]);
  });

  it('includes what is due this very instant and nothing after it', () => {
    const agenda = [entry('now'), entry('next', later({ minutes: 1 }))];
    expect(dueEntries(agenda, monday).map(({ key }) => key)).toEqual(['now']);
  });

  it('is handled as Holdfast’s own fact, at its own instant, under a cause of its own', () => {
    const fact = aFact(kernelFacts.due, {}, { occurredAt: later({ days: 1 }), requestId: 'r1' });
    expect(factOfEntry(entry('autoClose', monday, 4), fact)).toMatchObject({
      cause: `autoClose@${monday}/4`,
      name: 'autoClose',
      occurredAt: monday,
      actor: { kind: 'system' },
      requestId: 'r1',
    });
  });
});

describe('one fact', () => {
  const start = aFact('start', {}, { requestId: 'r1' });
  const decided = (fact: Fact, ticket: Ticket = anIncident()) =>
    decide(incidentProcess, ticket, fact, aContext());

  it('leaves the event of its command, with its input and what changed', () => {
    expect(decided(start).events).toEqual([
      {
        version: 2,
        cause: start.cause,
        type: 'started',
        visibility: 'public',
        actor: people.agent,
        via: 'api',
        at: start.occurredAt,
        data: {
          changes: {
            state: { from: 'new', to: 'inProgress' },
            assigneeId: { from: null, to: people.agent.id },
          },
        },
      },
    ]);
  });

  it('numbers further events of the same cause', () => {
    const fact = aFact('hold', { reason: 'customer', comment: 'Which one?' });
    expect(decided(fact).events.map(({ cause, version }) => [cause, version])).toEqual([
      [fact.cause, 2],
      [`${fact.cause}#1`, 3],
    ]);
  });

  it('never moves the time of the last change back', () => {
    const late = { ...start, occurredAt: later({ minutes: -5 }) };
    expect(decided(late).ticket.updatedAt).toBe(monday);
    expect(decided(start).ticket.updatedAt).toBe(later({ hours: 1 }));
  });

  it('leaves the ticket that it was given alone', () => {
    const ticket = Object.freeze(anIncident());
    const copy = structuredClone(ticket);
    decided(start, ticket);
    expect(ticket).toEqual(copy);
  });

  it('that no rule knows is a bug', () => {
    expect(() => decided(aFact('vanish', {}))).toThrow('incident has no rule for vanish');
  });

  it('of the agenda that is not on it is a bug', () => {
    const fact = factOfEntry(entry('autoClose'), start);
    expect(() => decided(fact)).toThrow('autoClose is not on the agenda');
  });

  it('whose rule leads where the declaration does not is a bug', () => {
    const { rules } = incidentProcess;
    const wrong = { ...rules, commands: { ...rules.commands, close: rules.commands['cancel'] } };
    const process = { ...incidentProcess, rules: wrong } as typeof incidentProcess;
    const fact = aFact('close', { reason: 'x' });
    expect(() => decide(process, anIncidentIn('resolved'), fact, aContext())).toThrow(
      'the rule of close leads from resolved to cancelled',
    );
  });
});

describe('the number of an agenda entry', () => {
  const numbers = ({ agenda }: Ticket) => agenda.map(({ key, n }) => [key, n]);

  it('stays while the entry stays', () => {
    const told = tell(anIncident(), [aFact('start', {}), aFact('classify', { categoryId: null })]);
    expect(told.ticket.version).toBe(3);
    expect(new Set(numbers(told.ticket).map(([, n]) => n))).toEqual(new Set([1]));
  });

  it('is a new one when a rule puts it on again, even at the same instant', () => {
    const hold = { reason: 'scheduled', until: later({ days: 1 }) };
    const numberOf = (ticket: Ticket) => ticket.agenda.find(({ key }) => key === 'holdUntil')?.n;
    const once = tell(anIncident(), [aFact('hold', hold)]).ticket;
    const twice = tell(once, [aFact('hold', hold)]).ticket;
    expect([numberOf(once), numberOf(twice)]).toEqual([2, 3]);
  });
});

describe('owed work', () => {
  const errand: Ticket = {
    ...anIncident(),
    type: 'errand',
    state: 'waiting',
    clocks: [],
    agenda: [],
  };
  const go = aFact('go', { fails: 0 }, { via: 'signal' });
  const running = () => decide(errandProcess, errand, go, aContext()).ticket;
  const result = (name: string, n: number, more = {}) =>
    aFact(name, { key: 'fetch', n, ...more }, { via: 'engine' });

  it('takes the version that added it as its number', () => {
    expect(running().work).toMatchObject([{ key: 'fetch', n: 2, attempts: 0 }]);
  });

  it('is expected within all its attempts and pauses', () => {
    // 3 attempts of 5 s with at most 0.5 s between, and 0.5 s to come back.
    expect(running().work[0]?.expectedBy).toBe('2026-03-02T10:00:17.000Z');
  });

  it('is off the list when its result is here, whichever it is', () => {
    const done = decide(
      errandProcess,
      running(),
      result('workDone', 2, { attempts: 1 }),
      aContext(),
    );
    expect(done.ticket).toMatchObject({ state: 'done', work: [] });
    expect(isSettled(errandProcess.declaration, done.ticket)).toBe(true);
    const failed = decide(errandProcess, running(), result('workFailed', 2), aContext());
    expect(failed.ticket).toMatchObject({ state: 'failed', work: [] });
  });

  it('stays when the result is of another piece of work', () => {
    const other = decide(errandProcess, running(), result('workDone', 1), aContext());
    expect(other.ticket.work).toHaveLength(1);
    expect(isSettled(errandProcess.declaration, other.ticket)).toBe(false);
  });

  it('has results that can be read', () => {
    const rubbish = aFact('workDone', { key: 7 }, { via: 'engine' });
    expect(() => decide(errandProcess, running(), rubbish, aContext())).toThrow(z.ZodError);
  });
});

describe('settled', () => {
  it('is what is final and owes nothing', () => {
    const { declaration } = incidentProcess;
    expect(isSettled(declaration, anIncidentIn('closed'))).toBe(true);
    expect(isSettled(declaration, anIncidentIn('resolved'))).toBe(false);
    expect(isSettled(declaration, { ...anIncidentIn('closed'), agenda: [entry('x')] })).toBe(false);
  });
});

describe('a final state', () => {
  it('has nothing ahead of it, even where a clock was left running', () => {
    const { clocks } = anIncident();
    const errand: Ticket = { ...anIncident(), type: 'errand', state: 'waiting', clocks };
    const told = (ticket: Ticket, fact: Fact) => decide(errandProcess, ticket, fact, aContext());
    const { ticket } = told(errand, aFact('go', { fails: 0 }, { via: 'signal' }));
    expect(ticket.agenda.map(({ key }) => key)).toContain('sla.resolution.100');
    const done = aFact('workDone', { key: 'fetch', n: ticket.version }, { via: 'engine' });
    expect(told(ticket, done).ticket).toMatchObject({ state: 'done', agenda: [] });
  });
});

describe('watchers and texts', () => {
  it('are each watcher once, in an order of its own', () => {
    const watch = (userId: string) => aFact('watched', { userId });
    const { ticket } = tell(anIncident(), [
      watch(people.other.id),
      watch(people.agent.id),
      watch(people.other.id),
    ]);
    expect(ticket.watcherIds).toEqual([people.other.id, people.agent.id]);
    const gone = tell(ticket, [aFact('unwatched', { userId: people.other.id })]).ticket;
    expect(gone.watcherIds).toEqual([people.agent.id]);
  });

  it('change the title without the description', () => {
    const { ticket, happenings } = tell(anIncident(), [aFact('edited', { title: 'Other' })]);
    expect(ticket).toMatchObject({ title: 'Other', description: anIncident().description });
    expect(happenings[0]?.events[0]).toMatchObject({ type: 'edited', data: { fields: ['title'] } });
  });
});

describe('the changes between two tickets', () => {
  const { sla } = incidentProcess.rules;
  const watched = (ticket: Ticket) => watchedOf(ticket, sla);
  const before = anIncident();

  it('are the fields that people look at, from and to', () => {
    const after = { ...before, state: 'assigned', teamId: null, revision: 9, clocks: [] };
    expect(changesBetween(watched(before), watched(after))).toEqual({
      state: { from: 'new', to: 'assigned' },
      teamId: { from: before.teamId, to: null },
    });
    expect(changesBetween(watched(before), watched(before))).toEqual({});
  });

  it('are what only the process has, too', () => {
    const held = tell(before, [aFact('hold', { reason: 'vendor' })]).ticket;
    expect(changesBetween(watched(before), watched(held))).toEqual({
      state: { from: 'new', to: 'onHold' },
      holdReason: { from: null, to: 'vendor' },
    });
  });
});
