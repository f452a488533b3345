/** Rules of assignment, how a team shares out its tickets, and what its members have to do. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { opened, type Caller } from './incident';
import { said } from './problem';

const Rule = z.looseObject({ id: z.string(), name: z.string(), revision: z.int() });
const Team = z.looseObject({ id: z.string(), assignment: z.unknown(), revision: z.int() });
const Acts = z.object({
  data: z.array(z.object({ action: z.string(), before: z.unknown(), after: z.unknown() })),
});

let world: World;
let admin: Caller;
let manager: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
  manager = await world.as('manager');
});
afterAll(() => world.close());

const actsOn = async (id: string) =>
  Acts.parse((await admin.get(`/audit-events?filter[target]=${id}&sort=at`)).body).data;

describe('an assignment rule', () => {
  const network = () => world.id('team', 'Network');
  const rule = (more: object = {}) => ({
    ...{ name: `Rule ${randomUUID()}`, ticketType: 'incident', teamId: network() },
    ...more,
  });
  const made = async (more: object = {}) =>
    Rule.parse((await manager.post('/assignment-rules', rule(more)).expect(201)).body);

  it('is made, edited and deleted by managers, each time on record', async () => {
    const wish = { name: 'Phones', when: 'channel==phone', skills: ['VoIP'], position: 10 };
    const { id, ...shown } = await made(wish);
    const facts = { ...wish, ticketType: 'incident', team: { id: network(), name: 'Network' } };
    expect(shown).toEqual({ ...facts, isActive: true, revision: 1 });
    await manager.patch(`/assignment-rules/${id}`, { when: null, isActive: false }).expect(200);
    expect((await manager.get(`/assignment-rules/${id}`).expect(200)).body).toEqual({
      ...{ id, ...facts, when: null, isActive: false, revision: 2 },
    });
    await manager.delete(`/assignment-rules/${id}`).expect(204);
    expect((await actsOn(id)).map(({ action }) => action)).toEqual([
      ...['assignmentRule.created', 'assignmentRule.edited', 'assignmentRule.deleted'],
    ]);
  });

  it('comes in the order in which it is asked', async () => {
    const last = await made({ position: 30 });
    const names = ['B', 'A'].map((letter) => `${letter} ${randomUUID()}`);
    for (const name of names) await made({ name, position: 20 });
    const Page = z.object({ data: z.array(Rule) });
    const { data } = Page.parse((await manager.get('/assignment-rules')).body);
    expect(data.map(({ name }) => name)).toEqual([names[1], names[0], last.name]);
    for (const { id } of data) await manager.delete(`/assignment-rules/${id}`).expect(204);
  });

  it.each([
    ['a field that there is not', 'mood==bad', 'unknown_field'],
    ['a value that the field cannot have', 'priority==P9', 'invalid'],
    ['what cannot be read', 'priority==P1;;', 'invalid'],
    ['words that need somebody who asks', 'requester==me', 'invalid'],
  ])('is refused with a pointer when its condition names %s', async (_, when, code) => {
    const answer = await manager.post('/assignment-rules', rule({ when }));
    expect(said(answer)).toEqual([422, 'invalid_input', `/when ${code}`]);
    const { id } = await made();
    const edited = await manager.patch(`/assignment-rules/${id}`, { when });
    expect(said(edited)).toEqual([422, 'invalid_input', `/when ${code}`]);
    await manager.delete(`/assignment-rules/${id}`).expect(204);
  });

  it('is not moved to a type of which its condition cannot be asked', async () => {
    const { id } = await made({ when: 'state==assigned' });
    const moved = await manager.patch(`/assignment-rules/${id}`, { ticketType: 'approval' });
    expect(said(moved)).toEqual([422, 'invalid_input', '/when invalid']);
    await manager.delete(`/assignment-rules/${id}`).expect(204);
  });

  it('is refused for a type, a team or a name that cannot be', async () => {
    const { id, name } = await made();
    const post = async (more: object) => said(await manager.post('/assignment-rules', rule(more)));
    expect(await post({ ticketType: 'wish' })).toEqual([
      ...[422, 'invalid_input', '/ticketType invalid_value'],
    ]);
    expect(await post({ teamId: randomUUID() })).toEqual([
      ...[422, 'invalid_input', '/teamId not_found'],
    ]);
    expect(await post({ name })).toEqual([409, 'conflict', '/name taken']);
    await manager.delete(`/assignment-rules/${id}`).expect(204);
  });

  it('is nothing for agents', async () => {
    const agent = await world.as('agent');
    expect(said(await agent.get('/assignment-rules'))).toEqual([403, 'forbidden']);
  });
});

describe('how a team shares out its tickets', () => {
  it('is by hand until somebody says otherwise, on record', async () => {
    const made = await admin.post('/teams', { name: 'Hands' }).expect(201);
    const { id, assignment } = Team.parse(made.body);
    expect(assignment).toEqual({ strategy: 'manual' });
    const shared = { strategy: 'leastLoaded', bySkills: true, sticky: false };
    const answer = await admin.patch(`/teams/${id}`, { assignment: shared }).expect(200);
    expect(Team.parse(answer.body).assignment).toEqual(shared);
    const [, edited] = await actsOn(id);
    expect(edited).toMatchObject({ before: { assignment }, after: { assignment: shared } });
  });

  it.each([
    [{ strategy: 'random' }, '/assignment/strategy invalid_value'],
    [{ strategy: 'roundRobin', mood: 'bad' }, '/assignment/mood unknown_field'],
    [{ strategy: 'roundRobin', sticky: null }, '/assignment/sticky invalid_type'],
  ])('is refused as %j', async (assignment, issue) => {
    const answer = await admin.patch(`/teams/${world.id('team', 'Network')}`, { assignment });
    expect(said(answer)).toEqual([422, 'invalid_input', issue]);
  });
});

describe('the workload of a team', () => {
  const Workload = z.object({
    members: z.array(z.looseObject({ name: z.string(), openCount: z.int() })),
    next: z.unknown(),
  });
  const workload = async () => {
    const agent = await world.as('agent');
    const path = `/teams/${world.id('team', 'Network')}/workload`;
    return Workload.parse((await agent.get(path).expect(200)).body);
  };

  it('is what each has open by priority, and whose turn it is and why', async () => {
    const teamId = world.id('team', 'Network');
    const colleague = world.id('person', 'colleague');
    const ticket = await opened(admin, { impact: 'high', urgency: 'high' });
    await world.rows('update tickets set assignee_id = $1, team_id = $2 where id = $3', [
      ...[colleague, teamId, ticket.id],
    ]);
    await admin.post(`/teams/${teamId}/members`, { userId: colleague, capacity: 4 }).expect(204);
    const nothing = { skills: [], isAbsent: false, lastAssignedAt: null };
    const lead = { id: world.id('person', 'lead'), name: 'lead', capacity: null };
    expect(await workload()).toEqual({
      members: [
        {
          ...{ ...nothing, id: colleague, name: 'colleague', capacity: 4 },
          ...{ open: { P1: 1 }, openCount: 1, load: 20 },
        },
        { ...nothing, ...lead, open: {}, openCount: 0, load: 0 },
      ],
      next: null,
    });
    await admin.patch(`/teams/${teamId}`, { assignment: { strategy: 'leastLoaded' } }).expect(200);
    expect((await workload()).next).toEqual({
      ...{ assigneeId: lead.id, waits: null },
      reason: 'least loaded of 2: 0 open (weight 0) against 1 of 4 (weight 20)',
    });
  });

  it('says for what the next one waits', async () => {
    const teamId = world.id('team', 'Network');
    for (const name of ['lead', 'colleague'] as const)
      await admin
        .post(`/teams/${teamId}/members`, { userId: world.id('person', name), capacity: 0 })
        .expect(204);
    expect((await workload()).next).toMatchObject({
      ...{ assigneeId: null, reason: null },
      waits: { what: 'It waits for somebody of Network: 2 at capacity.' },
    });
  });

  it('is there for agents only, and of teams that there are', async () => {
    const user = await world.as('user');
    const path = `/teams/${world.id('team', 'Network')}/workload`;
    expect(said(await user.get(path))).toEqual([403, 'forbidden']);
    expect(said(await admin.get(`/teams/${randomUUID()}/workload`))).toEqual([404, 'not_found']);
  });
});
