/** Why clocks stand where they stand, and figures over many: at instants that the tests choose, without an engine. */
import { z } from 'zod';
import { plusSeconds } from '../../models/instant';
import { monday, openRow, who, type Row } from '../database/row';
import { openWorld, type World } from '../harness';
import { bodyOf, invalidAt, notFound, refused, type Caller } from './incident';

const hour = 3_600;
const at = (hours: number) => plusSeconds(monday, hours * hour);
const solved = { code: 'solved', notes: 'The queue was restarted.' };
const p1 = { impact: 'high', urgency: 'high' };

/** Desks have an hour for what has the highest priority. */
async function promiseTeams(world: World): Promise<void> {
  await world.rows(
    `update sla_policies set published_at = '2026-01-01', rules = jsonb_set(rules, '{0,targets,2}',
       jsonb_build_object('id', 'desk', 'kind', 'OLA', 'metric', 'resolution',
         'targetSeconds', 3600, 'calendar', rules #> '{0,targets,0,calendar}'))
      where organization_id = $1`,
    [world.organizationId],
  );
}

describe('the explanation of a clock', () => {
  let world: World;
  let user: Caller;
  let agent: Caller;
  let incident: Row;
  beforeAll(async () => {
    world = await openWorld({ worker: false });
    await promiseTeams(world);
    [user, agent] = [await world.as('user'), await world.as('agent')];
    incident = await openRow(world, 'incident', p1);
    const hold = { reason: 'customer', comment: 'Which printer?' };
    await incident.apply({ name: 'start', occurredAt: at(0.1) });
    await incident.apply({ name: 'hold', input: hold, occurredAt: at(1) });
    await incident.apply({ name: 'resume', occurredAt: at(3) });
    const teamId = world.id('team', 'Network');
    await incident.apply({ name: 'assign', input: { teamId }, occurredAt: at(3.5) });
    await incident.apply({ name: 'resolve', input: solved, occurredAt: at(4) });
    const actor = who(world, 'user');
    const reopen = { name: 'reopen', input: { reason: 'It is back.' }, actor };
    await incident.apply({ ...reopen, occurredAt: at(6) });
  });
  afterAll(() => world.close());

  const path = (clock: string, hours?: number) =>
    `/incidents/${incident.id}/sla/${clock}/explain${hours === undefined ? '' : `?at=${at(hours)}`}`;
  const day = { rule: 'weekly', day: '2026-03-02' };

  it('has every piece of its time, with what decided it and who did it', async () => {
    const body = await bodyOf(agent.get(path('resolution', 7)).expect(200));
    const policy = { name: 'Incidents', version: 1, rule: 'Round the clock' };
    const held = { type: 'held', at: at(1), reason: 'customer', actor: { name: 'agent' } };
    expect(body).toMatchObject({
      ...{ asOf: at(7), startedAt: at(0), elapsedSeconds: 3 * hour },
      clock: { id: 'resolution', state: 'running', elapsedSeconds: 3 * hour, dueAt: at(8) },
      promise: {
        ...{ policy, targetSeconds: 4 * hour, since: at(0), until: null, former: [] },
        calendar: { name: 'Round the clock', version: 1 },
      },
      entries: [
        { from: at(0), to: at(1), isCounted: true, seconds: hour, because: day },
        {
          ...{ from: at(1), to: at(3), isCounted: false, seconds: 2 * hour },
          because: { rule: 'pause', why: 'holdReason=in=(customer,scheduled)', by: held },
        },
        { from: at(3), to: at(4), isCounted: true, seconds: hour, because: day },
        {
          ...{ from: at(4), to: at(6), isCounted: false },
          because: { rule: 'stopped', by: { type: 'resolved', at: at(4) } },
        },
        { from: at(6), to: at(7), isCounted: true, because: day },
      ],
    });
  });

  it('says of the time of another team that it is that', async () => {
    expect(await bodyOf(agent.get(path('desk', 3.75)).expect(200))).toMatchObject({
      elapsedSeconds: 1.5 * hour,
      entries: [
        ...[{ isCounted: true }, { because: { rule: 'pause' } }, { to: at(3.5), isCounted: true }],
        { isCounted: false, because: { rule: 'otherTeam', by: { type: 'assigned' } } },
      ],
    });
  });

  it('is for the requester, too, without what is internal', async () => {
    const body = await bodyOf(user.get(path('resolution', 7)).expect(200));
    const pause = { because: { rule: 'pause', why: null, by: { reason: 'customer' } } };
    expect(body).toMatchObject({ promise: { policy: null } });
    expect(body).toMatchObject({ entries: [{}, pause, {}, {}, {}] });
    expect(JSON.stringify(body)).not.toContain('holdReason');
  });

  it('tells months of a clock that has too many days', async () => {
    const far = `/incidents/${incident.id}/sla/resolution/explain?at=2040-01-01T00:00:00Z`;
    const Explained = z.object({
      elapsedSeconds: z.number(),
      clock: z.object({ elapsedSeconds: z.number() }),
      entries: z.array(z.object({ because: z.looseObject({ rule: z.string() }) })),
    });
    const body = Explained.parse(await bodyOf(agent.get(far).expect(200)));
    expect(body.elapsedSeconds).toBe(body.clock.elapsedSeconds);
    expect(body.entries.length).toBeLessThan(200);
    expect(body.entries.at(-1)?.because).toEqual({ rule: 'month', month: '2039-12' });
  });

  it('is 404 for what is not there, or not for the caller', async () => {
    expect(await refused(agent.get(path('nothing')))).toEqual(notFound);
    expect(await refused(user.get(path('desk')))).toEqual(notFound);
    expect(await refused((await world.as('stranger')).get(path('resolution')))).toEqual(notFound);
  });

  it('is 422 for what is no instant, or too far away', async () => {
    for (const when of ['yesterday', '2099-01-01T00:00:00Z']) {
      const asked = agent.get(`/incidents/${incident.id}/sla/resolution/explain?at=${when}`);
      expect(await refused(asked)).toEqual(invalidAt('/query/at'));
    }
  });
});

describe('figures', () => {
  let world: World;
  let agent: Caller;
  let late: Row;
  const march = 'from=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z';
  const figures = (caller: Caller, query = march) =>
    bodyOf(caller.get(`/sla-figures?${query}`).expect(200));

  beforeAll(async () => {
    world = await openWorld({ worker: false });
    await promiseTeams(world);
    agent = await world.as('agent');
    const [met, waiting] = [
      await openRow(world, 'incident', p1),
      await openRow(world, 'incident', p1),
    ];
    late = await openRow(world, 'incident', { ...p1, serviceId: world.id('service', 'Mail') });
    const [first, second] = ['agent', 'colleague'].map((name) => world.id('person', name));
    await met.apply({ name: 'assign', input: { assigneeId: first }, occurredAt: at(0.1) });
    await met.apply({ name: 'assign', input: { assigneeId: second }, occurredAt: at(0.2) });
    await met.apply({ name: 'resolve', input: solved, occurredAt: at(0.5) });
    const hold = { reason: 'customer', comment: 'Which printer?' };
    await waiting.apply({ name: 'start', occurredAt: at(0.1) });
    await waiting.apply({ name: 'hold', input: hold, occurredAt: at(0.2) });
  });
  afterAll(() => world.close());

  it('count what was met and missed, also where nobody has acted on it', async () => {
    expect(await figures(agent, `${march}&groupBy=metric&kind=SLA`)).toMatchObject({
      total: { met: 2, missed: 3, openInTime: 0, openLate: 2, percent: 40 },
      data: [
        { key: 'firstResponse', met: 1, missed: 2, openLate: 1 },
        { key: 'resolution', met: 1, missed: 1, openLate: 1, percent: 50 },
      ],
    });
  });

  it('count what is open in time in the period that has the present', async () => {
    const now = await figures(agent, 'from=2026-01-01T00:00:00Z&kind=SLA&metric=resolution');
    expect(now).toMatchObject({ total: { met: 1, missed: 1, openInTime: 1 }, data: [] });
  });

  it('are half-open by the instant at which it was decided', async () => {
    const missed = async (from: string, until: string) =>
      figures(agent, `from=${from}&until=${until}&metric=resolution&kind=SLA`);
    const due = at(4);
    expect(await missed(due, at(5))).toMatchObject({ total: { missed: 1 } });
    expect(await missed(at(3), due)).toMatchObject({ total: { missed: 0, percent: null } });
  });

  it.each([
    ['policy', [{ name: 'Incidents' }]],
    ['team', [{ name: 'Service desk' }, { name: 'Network' }]],
    ['service', [{ name: 'Mail' }, { key: null, name: null }]],
    ['priority', [{ key: 'P1' }]],
    ['week', [{ key: '2026-03-02' }]],
    ['month', [{ key: '2026-03-01' }]],
    ['kind', [{ key: 'OLA' }, { key: 'SLA' }]],
  ])('by %s', async (groupBy, data) => {
    const body = await figures(agent, `${march}&groupBy=${groupBy}`);
    const found = z.object({ data: z.array(z.looseObject({})) }).parse(body).data;
    expect(found).toHaveLength(data.length);
    expect(found).toEqual(
      expect.arrayContaining(data.map((one) => expect.objectContaining(one) as unknown)),
    );
  });

  it('say how much of their targets was used by those that were stopped', async () => {
    const used = await figures(agent, `${march}&metric=resolution&kind=SLA`);
    expect(used).toMatchObject({ total: { usedPercent: { p50: 12.5, p90: 12.5 } } });
  });

  it('follow what was changed: a clock that goes on counts for the priority of now', async () => {
    const input = { impact: 'medium' };
    const [{ ticket }] = [await late.apply({ name: 'prioritize', input, occurredAt: at(5) })];
    expect(ticket?.priority).toBe('P2');
    const { data } = z
      .object({ data: z.array(z.looseObject({ key: z.string() })) })
      .parse(await figures(agent, `${march}&groupBy=priority&metric=resolution&kind=SLA`));
    expect(data.find(({ key }) => key === 'P2')).toMatchObject({ missed: 1, openLate: 1 });
  });

  it('have confidential tickets for those who may see them', async () => {
    const teamId = world.id('team', 'Network');
    const asked = `${march}&metric=resolution&kind=SLA`;
    await world.rows('update tickets set confidential_team_id = $2 where id = $1', [
      late.id,
      teamId,
    ]);
    const missed = async (name: string) => figures(await world.as(name), asked);
    expect(await missed('agent')).toMatchObject({ total: { missed: 0 } });
    expect(await missed('colleague')).toMatchObject({ total: { missed: 1 } });
    expect(await missed('admin')).toMatchObject({ total: { missed: 1 } });
    await world.rows('update tickets set confidential_team_id = null where id = $1', [late.id]);
  });

  it('are refused to end users, and for times that are none', async () => {
    const user = await world.as('user');
    const forbidden = { status: 403, code: 'forbidden' };
    expect(await refused(user.get('/sla-figures'))).toEqual(forbidden);
    expect(await refused(user.get('/ticket-figures?type=incident'))).toEqual(forbidden);
    const wrong: [string, string][] = [
      ['/sla-figures?groupBy=colour', '/query/groupBy'],
      [`/sla-figures?from=${at(1)}&until=${at(1)}`, '/query/until'],
      ['/sla-figures?from=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z', '/query/until'],
      ['/ticket-figures?type=riddle', '/query/type'],
    ];
    for (const [path, pointer] of wrong)
      expect(await refused(agent.get(path))).toEqual(invalidAt(pointer));
  });

  it('say how long tickets stayed in their states, and how often they changed hands', async () => {
    const asked = `/ticket-figures?type=incident&${march}`;
    expect(await bodyOf(agent.get(asked).expect(200))).toMatchObject({
      states: expect.arrayContaining([
        { state: 'new', stays: 2, totalSeconds: 720, medianSeconds: 360 },
        { state: 'assigned', stays: 1, totalSeconds: 1_440, medianSeconds: 1_440 },
        { state: 'inProgress', stays: 1, totalSeconds: 360, medianSeconds: 360 },
      ]) as unknown,
      handoffs: {
        team: { total: 0, tickets: 0, most: 0 },
        assignee: { total: 1, tickets: 1, most: 1 },
      },
    });
    const lasting = await bodyOf(agent.get('/ticket-figures?type=incident').expect(200));
    const states = z
      .object({ states: z.array(z.object({ state: z.string(), stays: z.int() })) })
      .parse(lasting).states;
    expect(states.map(({ state, stays }) => [state, stays])).toEqual(
      expect.arrayContaining([
        ['onHold', 1],
        ['resolved', 1],
      ]),
    );
  });
});
