import { incident } from '../../workflows/incidents/process';
import { anIncident, anIncidentIn, people } from '../../tests/factories';
import { abilityOf, mayCommand, maySee, seesInternal } from './ability';

const of = (who: (typeof people)[keyof typeof people]) => abilityOf(who, [incident]);

describe('seeing an incident', () => {
  const { requester, other, agent } = people;

  it('is for those who are its requester, opened it, or watch it', () => {
    expect(maySee(of(requester), anIncident())).toBe(true);
    expect(maySee(of(other), anIncident())).toBe(false);
    expect(maySee(of(other), anIncident({ openedById: other.id }))).toBe(true);
    expect(maySee(of(other), anIncident({ watcherIds: [agent.id, other.id] }))).toBe(true);
  });

  it('is for every agent, manager and admin', () => {
    for (const who of [people.agent, people.manager, people.admin]) {
      expect(maySee(of(who), anIncident())).toBe(true);
    }
  });

  it('includes internal notes for agents only', () => {
    expect(seesInternal(requester)).toBe(false);
    expect(seesInternal(agent)).toBe(true);
  });

  it('does not reach to types that are not there', () => {
    expect(maySee(of(people.admin), { ...anIncident(), type: 'problem' })).toBe(false);
  });
});

describe('the right to a command', () => {
  const may = (who: (typeof people)[keyof typeof people], command: string, ticket = anIncident()) =>
    mayCommand(of(who), incident, command, ticket);

  it('comes with the role', () => {
    expect(may(people.agent, 'assign')).toBe(true);
    expect(may(people.requester, 'assign')).toBe(false);
    expect(may(people.agent, 'declareMajor')).toBe(false);
    expect(may(people.manager, 'declareMajor')).toBe(true);
  });

  it('to stand down a major incident is the right to declare it', () => {
    expect(may(people.agent, 'standDownMajor')).toBe(false);
    expect(may(people.manager, 'standDownMajor')).toBe(true);
  });

  it('is a requester’s in some states only', () => {
    expect(may(people.requester, 'cancel')).toBe(true);
    expect(mayCommand(of(people.requester), incident, 'cancel', anIncidentIn('assigned'))).toBe(
      false,
    );
    expect(mayCommand(of(people.requester), incident, 'close', anIncidentIn('resolved'))).toBe(
      true,
    );
    expect(mayCommand(of(people.other), incident, 'close', anIncidentIn('resolved'))).toBe(false);
  });

  it('is nobody’s for a command that does not exist', () => {
    expect(may(people.admin, 'vanish')).toBe(false);
  });
});
