import { aContext, knownPeople, people, services, teams, uuid } from '../../tests/factories';
import type { GroupKind, Person } from '../tickets/rules';
import { ApproverSpec, needsOf, votersOf, watchesOf, type Voter } from './approvers';

const { requester, agent, colleague, manager, admin, retired } = people;
const about = { requesterId: requester.id, serviceId: services.mail };
const board = uuid(71);

/** Who is in which group. Read from the database only those who are active come. */
const groups: Readonly<Record<string, readonly { id: string }[]>> = {
  [`membersOf/${teams.desk}`]: [agent, colleague],
  [`holdersOf/${board}`]: [colleague],
  'holdersOf/manager': [manager],
  'holdersOf/admin': [admin],
  [`managerOf/${requester.id}`]: [manager],
  [`ownerOf/${services.mail}`]: [colleague],
};

function contextOf(of = groups) {
  const grouped = (kind: GroupKind, id: string): Person[] =>
    knownPeople.filter((one) => of[`${kind}/${id}`]?.some((member) => member.id === one.id));
  return aContext({ people: grouped });
}

const spec = (given: object) => ApproverSpec.parse(given);
const person = (id: string, veto = false) => spec({ kind: 'person', id, veto });
const asked = (given: readonly ApproverSpec[], barred: readonly string[] = [], of = groups) =>
  votersOf(given, about, contextOf(of), barred);
const idsOf = (voters: readonly Voter[]) => voters.map(({ id }) => id);

describe('who is asked', () => {
  it.each([
    [{ kind: 'person', id: agent.id }, [agent.id], `person/${agent.id}`],
    [{ kind: 'team', id: teams.desk }, [agent.id, colleague.id], `team/${teams.desk}`],
    [{ kind: 'role', id: board }, [colleague.id], `role/${board}`],
    [{ kind: 'role', id: 'manager' }, [manager.id], 'role/manager'],
    [{ kind: 'relation', relation: 'requesterManager' }, [manager.id], 'requesterManager'],
    [{ kind: 'relation', relation: 'serviceOwner' }, [colleague.id], `service/${services.mail}`],
  ])('is found by %j, and why', (given, ids, because) => {
    const voters = asked([spec(given)]);
    expect(voters).toEqual(ids.map((id) => ({ id, hasVeto: false, because })));
  });

  it('is asked once, as first named, with a veto if one of the two gives it', () => {
    const voters = asked([
      person(agent.id),
      spec({ kind: 'team', id: teams.desk, veto: true }),
      person(colleague.id),
    ]);
    expect(voters).toEqual([
      { id: agent.id, hasVeto: true, because: `person/${agent.id}` },
      { id: colleague.id, hasVeto: true, because: `team/${teams.desk}` },
    ]);
  });

  it('is nobody who is barred', () => {
    const team = spec({ kind: 'team', id: teams.desk });
    expect(idsOf(asked([team], [colleague.id]))).toEqual([agent.id]);
  });

  it.each([
    ['has left', [person(retired.id)]],
    ['was never there', [person(uuid(99))]],
    ['is in an empty team', [spec({ kind: 'team', id: teams.network })]],
    ['holds a role that nobody has', [spec({ kind: 'role', id: uuid(98) })]],
  ])('is a manager when whoever was named %s', (_, given) => {
    expect(asked(given)).toEqual([{ id: manager.id, hasVeto: false, because: 'role/manager' }]);
  });

  it('is a manager when there is neither a manager of the requester nor an owner', () => {
    const relations = ['requesterManager', 'serviceOwner'].map((relation) =>
      spec({ kind: 'relation', relation }),
    );
    const few = { 'holdersOf/manager': [manager] };
    expect(idsOf(asked(relations, [], few))).toEqual([manager.id]);
    const without = { ...about, serviceId: null };
    expect(idsOf(votersOf(relations, without, contextOf(few), []))).toEqual([manager.id]);
  });

  it('is an administrator when every manager is barred, and nobody when all are', () => {
    const given = [person(retired.id)];
    expect(idsOf(asked(given, [manager.id]))).toEqual([admin.id]);
    expect(asked(given, [manager.id, admin.id])).toEqual([]);
  });
});

describe('what a list was made of', () => {
  const all = [
    person(agent.id),
    spec({ kind: 'team', id: teams.desk }),
    spec({ kind: 'role', id: 'manager' }),
    spec({ kind: 'relation', relation: 'requesterManager' }),
    spec({ kind: 'relation', relation: 'serviceOwner' }),
  ];

  it('is watched: people, teams, roles, the requester for their manager, the service for its owner', () => {
    expect(watchesOf(all, about, asked(all))).toEqual(
      [
        ...[agent, colleague, manager, requester].map(({ id }) => `person/${id}`),
        ...[`role/manager`, `service/${services.mail}`, `team/${teams.desk}`],
      ].sort(),
    );
  });

  it('is watched, too, when others were asked instead', () => {
    const given = [spec({ kind: 'team', id: teams.network })];
    expect(watchesOf(given, about, asked(given))).toEqual([
      `person/${manager.id}`,
      'role/manager',
      `team/${teams.network}`,
    ]);
  });

  it('is declared before it is read', () => {
    const needs = needsOf(all, about).map(({ kind, id }) => `${kind}/${id}`);
    expect(needs).toEqual([
      ...[`person/${agent.id}`, `membersOf/${teams.desk}`, 'holdersOf/manager'],
      ...[`managerOf/${requester.id}`, `ownerOf/${services.mail}`],
      ...['holdersOf/manager', 'holdersOf/admin'],
    ]);
  });
});
