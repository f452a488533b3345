/** Who gets a ticket when many are opened at the same moment, and what an opening reads for it. */
import { randomUUID } from 'node:crypto';
import { assignmentFor, type Assignment } from '../../models/assignment/assign';
import type { TeamAssignment } from '../../models/assignment/shape';
import { openDatabase, type Database, type Tx } from '../../models/database';
import { plusSeconds, type Instant } from '../../models/instant';
import { conditionFields } from '../../models/tickets/subject';
import { incident } from '../../workflows/incidents/process';
import { eventually, openWorld, type World } from '../harness';

let world: World;
let database: Database;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  database = await openDatabase({
    ...{ url: world.databaseUrl, poolMax: 30, applicationName: 'assignment' },
    ...{ statementTimeoutMs: 20_000, acquireTimeoutMs: 30_000 },
  });
});
afterAll(async () => {
  await database.close();
  await world.close();
});

const fields = conditionFields(incident);
/** A Monday, in the morning of Berlin. */
const monday: Instant = '2026-03-02T09:00:00.000Z';

interface Member {
  readonly skills?: readonly string[];
  readonly capacity?: number;
}

/** A team of new agents; gives its id and theirs. */
async function teamOf(assignment: TeamAssignment, members: readonly Member[]) {
  const { organizationId } = world;
  const teamId: string = randomUUID();
  const people = members.map((): string => randomUUID());
  await world.rows(
    `insert into teams (organization_id, id, name, assignment) values ($1, $2, $3, $4)`,
    [organizationId, teamId, `Team ${teamId}`, JSON.stringify(assignment)],
  );
  for (const [k, { skills = [], capacity = null }] of members.entries()) {
    await world.rows(
      `insert into users (organization_id, id, email, name, role)
       values ($1, $2, $3, 'Somebody', 'agent')`,
      [organizationId, people[k], `${people[k]}@x.example`],
    );
    await world.rows(
      `insert into team_members (organization_id, team_id, user_id, skills, capacity)
       values ($1, $2, $3, $4, $5)`,
      [organizationId, teamId, people[k], skills, capacity],
    );
  }
  return { teamId, people };
}

interface Wanted {
  readonly teamId: string | null;
  readonly requesterId?: string;
  readonly confidentialTeamId?: string;
  readonly priority?: 'P1' | 'P3';
  readonly channel?: string;
  readonly isOpening?: boolean;
  readonly at?: Instant;
}

async function ask(tx: Tx, id: string, wanted: Wanted): Promise<Assignment> {
  const { teamId, confidentialTeamId = null, priority = 'P3', channel = 'portal' } = wanted;
  const { isOpening = true, at = monday } = wanted;
  return assignmentFor(tx, {
    ticket: {
      ...{ id, type: 'incident', teamId, confidentialTeamId, priority, serviceId: null },
      requesterId: wanted.requesterId ?? world.id('person', 'user'),
    },
    subjectFor: () => Promise.resolve({ channel, priority }),
    ...{ fields, isOpening, at },
  });
}

/** As the kernel does it: the answer and the row that it is about in one transaction. */
function open(wanted: Wanted): Promise<Assignment> {
  return database.inOrganization(world.organizationId, (tx) => openIn(tx, wanted));
}

async function openIn(tx: Tx, wanted: Wanted): Promise<Assignment> {
  const id = randomUUID();
  const given = await ask(tx, id, wanted);
  const requesterId = wanted.requesterId ?? world.id('person', 'user');
  await tx.rows(
    `insert into tickets (organization_id, id, type, number, definition_version, state, is_open,
       is_settled, version, revision, title, description, priority, requester_id, opened_by_id,
       assignee_id, team_id, channel, opened_at, updated_at, snapshot)
     values ($1, $2::uuid, 'incident', 'N' || $2::uuid, 1, 'new', true, false, 1, 1, 'x', 'x', $3, $4,
             $4, $5, $6, 'portal', $7, $7, '{}')`,
    [
      ...[tx.organizationId, id, wanted.priority ?? 'P3', requesterId, given.assigneeId],
      ...[given.teamId, wanted.at ?? monday],
    ],
  );
  return given;
}

const many = (teamId: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => open({ teamId })));

async function openOf(people: readonly string[]): Promise<number[]> {
  const rows = await world.rows(
    `select count(t.id)::int as n from unnest($1::uuid[]) p(id)
       left join tickets t on t.assignee_id = p.id group by p.id`,
    [people],
  );
  return rows.map(({ n }) => Number(n)).sort((a, b) => b - a);
}

describe('fifty openings at the same moment', () => {
  const strategies = ['roundRobin', 'leastLoaded'] as const;

  it.each(strategies.flatMap((strategy) => [4, 7].map((size) => [strategy, size] as const)))(
    'are spread within one by %s over %i people, each turn once',
    async (strategy, size) => {
      const { teamId, people } = await teamOf({ strategy }, Array<Member>(size).fill({}));
      const given = await many(teamId, 50);
      expect(given.map((one) => people.includes(one.assigneeId ?? ''))).not.toContain(false);
      const counts = await openOf(people);
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(50);
      expect(Math.max(...counts) - Math.min(...counts)).toBe(1);
      const turns = await world.rows(
        'select turn::int as turn from team_turns where team_id = $1 order by turn',
        [teamId],
      );
      // The last round of each: nobody was picked twice at once.
      expect(turns.map(({ turn }) => turn)).toEqual(
        Array.from({ length: size }, (_, k) => 50 - size + 1 + k),
      );
    },
  );

  it.each(strategies)(
    'fill everybody up to their capacity by %s, and the rest waits',
    async (by) => {
      const members = [{ capacity: 3 }, { capacity: 5 }, { capacity: 10 }, { capacity: 0 }];
      const { teamId, people } = await teamOf({ strategy: by }, members);
      const given = await many(teamId, 50);
      expect(await openOf(people)).toEqual([10, 5, 3, 0]);
      const waiting = given.filter(({ waits }) => waits !== null);
      expect(waiting).toHaveLength(32);
      expect(waiting[0]).toEqual({
        ...{ teamId, rule: null, assigneeId: null, reason: null },
        waits: {
          until: plusSeconds(monday, 300),
          what: `It waits for somebody of Team ${teamId}: 4 at capacity.`,
        },
      });
    },
  );

  it('of unlike weight leave nobody far behind', async () => {
    const { teamId, people } = await teamOf({ strategy: 'leastLoaded' }, [{}, {}, {}, {}]);
    await Promise.all(
      Array.from({ length: 50 }, (_, k) => open({ teamId, priority: k % 10 === 0 ? 'P1' : 'P3' })),
    );
    const loads = await world.rows(
      `select sum(case priority when 'P1' then 20 else 3 end)::int as load from tickets
        where assignee_id = any($1::uuid[]) group by assignee_id`,
      [people],
    );
    const figures = loads.map(({ load }) => Number(load));
    expect(Math.max(...figures) - Math.min(...figures)).toBeLessThanOrEqual(20);
  });
});

describe('two teams with the same people', () => {
  it('do not give to somebody at the same moment', async () => {
    const how = { strategy: 'leastLoaded' } as const;
    const [one, other] = [await teamOf(how, [{ capacity: 1 }]), await teamOf(how, [])];
    await world.rows(
      `insert into team_members (organization_id, team_id, user_id, capacity)
       select organization_id, $2, user_id, capacity from team_members where team_id = $1`,
      [one.teamId, other.teamId],
    );
    const { first, second } = await database.inOrganization(world.organizationId, async (tx) => {
      const first = await openIn(tx, one);
      const second = open(other);
      await eventually('the other team waits', waitsForLock);
      return { first, second: () => second };
    });
    expect(first).toMatchObject({ assigneeId: one.people[0] });
    expect(await second()).toMatchObject({
      waits: { what: `It waits for somebody of Team ${other.teamId}: 1 at capacity.` },
    });
  });

  async function waitsForLock() {
    const [row] = await world.rows(
      `select 1 from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`,
    );
    return row;
  }
});

describe('what somebody has to do', () => {
  it('is what is open in whichever team; what is resolved is done', async () => {
    const { teamId, people } = await teamOf({ strategy: 'leastLoaded' }, [{}, {}]);
    const [first = '', second = ''] = people.toSorted();
    expect(await open({ teamId })).toMatchObject({ assigneeId: first });
    await world.rows('update tickets set team_id = null where assignee_id = $1', [first]);
    expect(await open({ teamId })).toMatchObject({
      assigneeId: second,
      reason: 'least loaded of 2: 0 open against 1',
    });
    await world.rows('update tickets set resolved_at = now() where assignee_id = $1', [second]);
    expect(await open({ teamId })).toMatchObject({ assigneeId: second });
  });

  it('is nothing for those who are away, have left, or do not work on tickets', async () => {
    const { teamId, people } = await teamOf({ strategy: 'roundRobin' }, Array<Member>(4).fill({}));
    const [away, left, customer, there] = people;
    await world.rows(
      `insert into delegations (organization_id, id, user_id, substitute_id, starts_at, ends_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        ...[world.organizationId, randomUUID(), away, there],
        ...[monday, plusSeconds(monday, 3_600)],
      ],
    );
    await world.rows('update users set is_active = false where id = $1', [left]);
    await world.rows(`update users set role = 'end_user' where id = $1`, [customer]);
    expect(await open({ teamId })).toMatchObject({
      assigneeId: there,
      reason: 'the only one of 2 who can take it: 0 open; not asked: 1 absent',
    });
    expect(await open({ teamId, at: plusSeconds(monday, 3_600) })).toMatchObject({
      assigneeId: away,
      reason: 'next in turn of 2: has had none yet',
    });
  });
});

describe('a team that is sticky', () => {
  it('gives a requester whoever had their last ticket', async () => {
    const how = { strategy: 'roundRobin', sticky: true } as const;
    const { teamId } = await teamOf(how, [{}, {}, {}]);
    const [mine, theirs] = [world.id('person', 'user'), world.id('person', 'stranger')];
    // After the tickets of the other tests: only the newest of a requester are looked at.
    const opened = (requesterId: string, minutes: number) =>
      open({ teamId, requesterId, at: plusSeconds(monday, minutes * 60) });
    const { assigneeId } = await opened(mine, 1);
    await opened(theirs, 2);
    expect(await opened(mine, 3)).toMatchObject({
      assigneeId,
      reason: 'had the last ticket of this requester: 1 open',
    });
  });
});

describe('rules', () => {
  let position = 0;
  const rule = async (teamId: string, more: { when?: string; skills?: string[] } = {}) => {
    const name = `Rule ${randomUUID()}`;
    await world.rows(
      `insert into assignment_rules (organization_id, id, ticket_type, name, position, condition,
                                     team_id, skills) values ($1, $2, 'incident', $3, $4, $5, $6, $7)`,
      [
        ...[world.organizationId, randomUUID(), name, (position += 1)],
        ...[more.when ?? null, teamId, more.skills ?? []],
      ],
    );
    return name;
  };
  afterEach(() => world.rows('delete from assignment_rules'));

  it('give the team in their order, and the skills that it takes, also later', async () => {
    const own = await teamOf({ strategy: 'manual' }, [{}]);
    const how = { strategy: 'leastLoaded', bySkills: true } as const;
    const { teamId, people } = await teamOf(how, [{}, { skills: ['VoIP'] }]);
    await rule(own.teamId, { when: 'priority==P1' });
    const phones = await rule(teamId, { when: 'channel==phone', skills: ['voip'] });
    const called = { teamId: own.teamId, channel: 'phone' };
    const given = { teamId, rule: phones, assigneeId: people[1] };
    expect(await open(called)).toMatchObject(given);
    expect(await open({ ...called, channel: 'chat' })).toEqual({
      ...{ teamId: own.teamId, rule: null, assigneeId: null, reason: null, waits: null },
    });
    expect(await open({ ...called, teamId, isOpening: false })).toMatchObject(given);
    expect(await open({ ...called, isOpening: false })).toMatchObject({
      ...{ teamId: own.teamId, rule: null, assigneeId: null },
    });
  });

  it('are passed by while they or their team are inactive, and by what is confidential', async () => {
    const own = await teamOf({ strategy: 'manual' }, [{}]);
    const { teamId } = await teamOf({ strategy: 'roundRobin' }, [{}]);
    const name = await rule(teamId);
    expect(await open({ teamId: own.teamId })).toMatchObject({ teamId, rule: name });
    expect(await open({ teamId: own.teamId, confidentialTeamId: own.teamId })).toMatchObject({
      ...{ teamId: own.teamId, rule: null },
    });
    await world.rows('update teams set is_active = false where id = $1', [teamId]);
    expect(await open({ teamId: own.teamId })).toMatchObject({ teamId: own.teamId, rule: null });
  });

  it('are kept by working hours: the newest version of the calendar of their team', async () => {
    const how = { strategy: 'roundRobin', inWorkingHours: true } as const;
    const { teamId, people } = await teamOf(how, [{}]);
    const calendarId = randomUUID();
    for (const [version, hours] of [
      [1, ['00:00', '24:00']],
      [2, ['12:00', '14:00']],
    ] as const) {
      await world.rows(
        `insert into calendars (organization_id, id, version, name, definition)
         values ($1, $2, $3, 'Noon', $4)`,
        [
          ...[world.organizationId, calendarId, version],
          JSON.stringify({ timezone: 'UTC', weekly: { mon: [hours] } }),
        ],
      );
    }
    await world.rows('update teams set calendar_id = $2 where id = $1', [teamId, calendarId]);
    const noon = '2026-03-02T12:00:00.000Z';
    expect(await open({ teamId })).toMatchObject({
      waits: { until: noon, what: `It waits for working hours of Team ${teamId}.` },
    });
    expect(await open({ teamId, at: noon })).toMatchObject({ assigneeId: people[0] });
  });
});

describe('an organization without rules and strategies', () => {
  it('has one statement read, and nobody locked', async () => {
    const statements: string[] = [];
    const { teamId } = await teamOf({ strategy: 'manual' }, [{}]);
    await database.inOrganization(world.organizationId, async (tx) => {
      const counting: Tx = {
        ...tx,
        rows: (sql, bind) => {
          statements.push(sql);
          return tx.rows(sql, bind);
        },
      };
      expect(await ask(counting, randomUUID(), { teamId })).toEqual({
        ...{ teamId, rule: null, assigneeId: null, reason: null, waits: null },
      });
    });
    expect(statements).toHaveLength(1);
  });
});
