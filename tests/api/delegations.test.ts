/** Whoever is away has a substitute, who is given what would have been theirs. */
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { acted, bodyOf, opened, type Caller } from './incident';

const Made = z.object({ id: z.string() });
const Events = z.object({
  data: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
});

let world: World;
let admin: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld();
  admin = await world.as('admin');
  agent = await world.as('agent');
});
afterAll(() => world.close());
afterEach(() => world.rows('delete from delegations'));

const person = (name: string) => world.id('person', name);
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
const period = (name: string, from = -1, until = 1) => ({
  substituteId: person(name),
  from: hours(from),
  until: hours(until),
});
const name = (of: string, body: object) => admin.post(`/users/${person(of)}/delegations`, body);
const assigned = async (to: string) =>
  acted(admin, await opened(admin), 'assign', { assigneeId: person(to) });
const assigneeOf = (incident: object) =>
  z.object({ assignee: z.object({ name: z.string() }) }).parse(incident).assignee.name;

describe('what is assigned to somebody who is away', () => {
  it('goes to the substitute, and the feed says in whose place', async () => {
    expect((await agent.post('/me/delegations', period('colleague'))).status).toBe(201);
    const incident = await assigned('agent');
    expect(assigneeOf(incident)).toBe('colleague');
    const feed = Events.parse(await bodyOf(admin.get(`/incidents/${incident.id}/events`))).data;
    expect(feed.find(({ type }) => type === 'assigned')?.data).toMatchObject({
      insteadOf: person('agent'),
    });
  });

  it('goes on to whoever stands in for the substitute, and no further round', async () => {
    await name('agent', period('colleague'));
    await name('colleague', period('lead'));
    expect(assigneeOf(await assigned('agent'))).toBe('lead');
    await name('lead', period('agent'));
    expect(assigneeOf(await assigned('agent'))).toBe('lead');
  });

  it.each([
    ['not before', period, [1, 2]],
    ['not after', period, [-2, -1]],
  ] as const)('stays with them when they are there: %s', async (_, between, [from, until]) => {
    await world.rows(
      `insert into delegations (organization_id, id, user_id, substitute_id, starts_at, ends_at)
       values ($1, gen_random_uuid(), $2, $3, $4, $5)`,
      [
        ...[world.organizationId, person('agent'), person('colleague')],
        ...[between('colleague', from).from, between('colleague', from, until).until],
      ],
    );
    expect(assigneeOf(await assigned('agent'))).toBe('agent');
  });

  it('stays with them when the substitute cannot work on tickets, or has left', async () => {
    await name('agent', period('user'));
    expect(assigneeOf(await assigned('agent'))).toBe('agent');
    await world.rows('delete from delegations');
    await name('agent', period('lead'));
    await admin.post(`/users/${person('lead')}/actions/deactivate`);
    expect(assigneeOf(await assigned('agent'))).toBe('agent');
    await admin.post(`/users/${person('lead')}/actions/activate`);
  });
});

describe('a substitute', () => {
  it('is named and taken back by oneself, or by whoever manages people, and recorded', async () => {
    const { id } = Made.parse((await agent.post('/me/delegations', period('lead'))).body);
    const listed = await admin.get(`/users/${person('agent')}/delegations`);
    expect(listed.body).toMatchObject({ data: [{ id, substitute: { name: 'lead' } }] });
    expect((await agent.delete(`/me/delegations/${id}`)).status).toBe(204);
    expect((await agent.delete(`/me/delegations/${id}`)).status).toBe(404);
    const acts = await admin.get(
      `/audit-events?filter[target]=${person('agent')}&sort=-at&limit=2`,
    );
    expect(acts.body).toMatchObject({
      data: [{ action: 'delegation.ended' }, { action: 'delegation.named' }],
    });
    expect((await agent.get(`/users/${person('lead')}/delegations`)).status).toBe(403);
  });

  it('is one at a time, also of two that are named at once', async () => {
    const wishes = ['lead', 'colleague'].map((one) => agent.post('/me/delegations', period(one)));
    const answers = await Promise.all(wishes);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it.each([
    [{ until: hours(-2) }, '/until'],
    [{ from: hours(-3), until: hours(-2) }, '/until'],
    [{ substituteId: '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11' }, '/substituteId'],
  ])('is refused: %j', async (wrong, pointer) => {
    const answer = await agent.post('/me/delegations', { ...period('lead'), ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
    expect(await world.rows('select 1 from delegations')).toEqual([]);
  });
});
