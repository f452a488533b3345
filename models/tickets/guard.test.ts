import { incident } from '../../workflows/incidents/process';
import { anIncident, anIncidentIn, people, uuid } from '../../tests/factories';
import { Refusal } from '../errors';
import { holdfast, type FactActor } from './fact';
import { allowedCommands, refuseStale, refuseUnlessAllowed } from './guard';
import type { Ticket } from './ticket';

function refusalOf(ticket: Ticket, name: string, actor: FactActor, ifMatch?: number) {
  try {
    refuseUnlessAllowed(incident, ticket, { name, actor, ifMatch });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

describe('what is allowed', () => {
  const onNew = (actor: FactActor) => allowedCommands(incident, anIncident(), actor);

  it('for the requester of a new incident is to cancel it', () => {
    expect(onNew(people.requester)).toEqual(['cancel']);
  });

  it('for another end user is nothing', () => {
    expect(onNew(people.other)).toEqual([]);
  });

  it('for an agent is everything but what only managers do', () => {
    expect(onNew(people.agent)).toEqual([
      'assign',
      'start',
      'hold',
      'prioritize',
      'classify',
      'escalate',
      'deescalate',
      'acknowledge',
      'coordinate',
      'postUpdate',
      'resolve',
      'cancel',
    ]);
  });

  it.each([people.manager, people.admin])('for a $role includes major incidents', (actor) => {
    expect(onNew(actor)).toEqual(expect.arrayContaining(['declareMajor', 'standDownMajor']));
  });

  it('is nothing on a closed or a cancelled incident, whoever asks', () => {
    for (const actor of [people.requester, people.agent, people.admin, holdfast]) {
      expect(allowedCommands(incident, anIncidentIn('closed'), actor)).toEqual([]);
      expect(allowedCommands(incident, anIncidentIn('cancelled'), actor)).toEqual([]);
    }
  });

  it('is not given to somebody without a name', () => {
    const nobody: FactActor = { kind: 'person', id: null, name: '?', role: null };
    expect(onNew(nobody)).toEqual([]);
  });

  it('follows from the requester, not from who opened it or watches it', () => {
    const watched = anIncident({
      openedById: people.other.id,
      watcherIds: [people.other.id],
    });
    expect(allowedCommands(incident, watched, people.other)).toEqual([]);
  });
});

describe('a refusal', () => {
  it('says which states and rights would be needed: the state, and what is allowed', () => {
    const refusal = refusalOf(anIncidentIn('closed'), 'resolve', people.agent);
    expect(refusal).toMatchObject({
      code: 'invalid_transition',
      details: { allowed: [], state: 'closed' },
    });
    expect(refusal?.message).toContain('allowed: nothing');
  });

  it('tells a requester who could do it earlier about the state', () => {
    const refusal = refusalOf(anIncidentIn('assigned'), 'cancel', people.requester);
    expect(refusal).toMatchObject({ code: 'invalid_transition', details: { allowed: [] } });
  });

  it('tells everybody else about their rights', () => {
    expect(refusalOf(anIncidentIn('new'), 'cancel', people.other)?.code).toBe('forbidden');
    expect(refusalOf(anIncidentIn('new'), 'start', people.requester)?.code).toBe('forbidden');
    expect(refusalOf(anIncidentIn('new'), 'declareMajor', people.agent)?.code).toBe('forbidden');
  });

  it.each(['vanish', 'constructor', 'toString', '__proto__', ''])(
    'meets a command that does not exist: %j',
    (name) => {
      expect(refusalOf(anIncident(), name, people.admin)?.code).toBe('not_found');
    },
  );

  it('does not meet what is allowed', () => {
    expect(refusalOf(anIncident(), 'start', people.agent)).toBeUndefined();
    expect(refusalOf(anIncident(), 'cancel', people.requester)).toBeUndefined();
    expect(refusalOf(anIncident(), 'declareMajor', holdfast)).toBeUndefined();
  });
});

describe('a revision that the caller saw', () => {
  const ticket = anIncident({ revision: 7, id: uuid(9) });

  it('must be the present one, if there is one', () => {
    expect(refusalOf(ticket, 'start', people.agent, 6)).toMatchObject({
      code: 'stale_version',
      details: { revision: 7 },
    });
    expect(refusalOf(ticket, 'start', people.agent, 7)).toBeUndefined();
    expect(() => {
      refuseStale(ticket, undefined);
    }).not.toThrow();
  });

  it('counts before the state does', () => {
    const stale = { ...anIncidentIn('closed'), revision: 7 };
    expect(refusalOf(stale, 'start', people.agent, 6)?.code).toBe('stale_version');
  });
});
