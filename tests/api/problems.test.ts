/** Problems over HTTP: opened from incidents that one may edit, linked to many at once. */
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { acted, invalidAt, opened, refused, ticketOf, type Caller, type Ticket } from './incident';

let world: World;
let agent: Caller;
let user: Caller;
beforeAll(async () => {
  world = await openWorld({ carries: true });
  [agent, user] = [await world.as('agent'), await world.as('user')];
});
afterAll(() => world.close());

const written = { title: 'The outbox stops', description: 'Every Monday.' };
const open = async (more: object = {}) =>
  ticketOf(await agent.post('/problems', { ...written, ...more }).expect(201));
const Links = z.object({
  data: z.array(z.looseObject({ kind: z.string(), ticket: z.looseObject({ number: z.string() }) })),
});
const linksOf = async (path: string) => {
  const { data } = Links.parse((await agent.get(`${path}/links`).expect(200)).body);
  return data.map(({ kind, ticket: { number } }) => [kind, number]);
};
const hidden = async () => {
  const admin = await world.as('admin');
  const incident = await opened(user);
  await acted(admin, incident, 'assign', { teamId: world.id('team', 'Network') });
  await admin.patch(`/incidents/${incident.id}`, { isConfidential: true }).expect(200);
  return incident;
};
const problems = () => world.rows(`select count(*)::int as n from tickets where type = 'problem'`);

describe('a problem', () => {
  it('is opened from incidents, which are linked in the same act and say so', async () => {
    const [one, other] = [await opened(user), await opened(user)];
    const problem = await open({ fromIncidentIds: [one.id, other.id] });
    expect(problem).toMatchObject({ state: 'logged', origin: 'reactive', major: null });
    expect(problem['links']).toHaveLength(2);
    expect(await linksOf(`/incidents/${one.id}`)).toEqual([['causedBy', problem.number]]);
    const told = () =>
      world.rows(
        `select data ->> 'number' as number, actor ->> 'name' as by from ticket_events
          where ticket_id = $1 and type = 'linked'`,
        [other.id],
      );
    for (let k = 0; k < 50 && (await told()).length === 0; k += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await told()).toEqual([{ number: problem.number, by: 'agent' }]);
  });

  it('from a major incident is major', async () => {
    const incident = await opened(user);
    const reason = 'The bank stands.';
    await acted(await world.as('manager'), incident, 'declareMajor', { reason });
    const problem = await open({ fromIncidentIds: [incident.id] });
    expect(problem['major']).toMatchObject({ reason: `Opened from ${incident.number}.` });
    expect((await open())['major']).toBeNull();
  });

  it('is not opened from what one does not see, nor by whoever may not edit', async () => {
    const before = await problems();
    const [seen, unseen, change] = [await opened(user), await hidden(), await open()];
    for (const id of [unseen.id, change.id, '00000000-0000-4000-8000-000000000000']) {
      const body = { ...written, fromIncidentIds: [seen.id, id] };
      const answer = await refused(agent.post('/problems', body));
      expect(answer).toEqual(invalidAt('/fromIncidentIds/1'));
    }
    const twice = { ...written, fromIncidentIds: [seen.id, seen.id] };
    expect((await refused(agent.post('/problems', twice))).status).toBe(422);
    expect((await refused(user.post('/problems', written))).status).toBe(403);
    expect(await linksOf(`/incidents/${seen.id}`)).toEqual([]);
    expect(await problems()).toEqual(before.map(({ n }) => ({ n: Number(n) + 1 })));
  });

  it('goes its way: known before its cause is, looked at again after its end', async () => {
    const problem = await open();
    const act = (name: string, body: object = {}) =>
      agent.post(`/problems/${problem.id}/actions/${name}`, body);
    expect(await refused(act('proposeWorkaround', { text: 'x' }))).toMatchObject({ status: 409 });
    await act('investigate').expect(200);
    expect(await refused(act('publishWorkaround'))).toMatchObject({ code: 'conflict' });
    await act('recordKnownError', { symptoms: 'No mail on Mondays.' }).expect(200);
    expect(await refused(act('publishKnownError'))).toMatchObject({ code: 'conflict' });
    await act('proposeWorkaround', { text: 'Restart it.' }).expect(200);
    await act('publishKnownError').expect(200);
    await act('analyse', { summary: 'The backup.', whys: ['It locks the disk.'] }).expect(200);
    await act('startFix').expect(200);
    await act('resolve', { code: 'fixed', notes: 'Moved.' }).expect(200);
    const closed = await act('close').expect(200);
    expect(closed.body).toMatchObject({
      ...{ state: 'closed', allowed: [], knownError: { state: 'retired' } },
      rootCause: { summary: 'The backup.', whys: ['It locks the disk.'], timeline: [] },
    });
  });
});

describe('links to many', () => {
  const bulk = (problem: Ticket, ticketIds: readonly string[]) =>
    agent.post(`/problems/${problem.id}/links/bulk`, { kind: 'causes', ticketIds }).expect(200);
  const outcomesOf = ({ body }: { body: unknown }) =>
    z
      .object({ data: z.array(z.object({ outcome: z.string() })) })
      .parse(body)
      .data.map(({ outcome }) => outcome);

  it('tell of each by itself, and may be repeated', async () => {
    const [one, other, unseen] = [await opened(user), await opened(user), await hidden()];
    const problem = await open({ fromIncidentIds: [one.id] });
    const wanted = [one.id, other.number, unseen.id];
    expect((await bulk(problem, wanted)).body).toMatchObject({
      data: [
        { ticketId: one.id, outcome: 'already', error: null },
        { ticketId: other.number, outcome: 'linked', error: null },
        { ticketId: unseen.id, outcome: 'refused', error: { code: 'not_found' } },
      ],
    });
    expect(outcomesOf(await bulk(problem, wanted))).toEqual(['already', 'already', 'refused']);
  });

  it('are 200 in one request, within some seconds', async () => {
    const incidents: Ticket[] = [];
    for (let k = 0; k < 40; k += 1)
      incidents.push(...(await Promise.all([1, 2, 3, 4, 5].map(() => opened(user)))));
    const problem = await open();
    const began = Date.now();
    const answer = await bulk(
      problem,
      incidents.map(({ id }) => id),
    );
    const tookMs = Date.now() - began;
    expect(new Set(outcomesOf(answer))).toEqual(new Set(['linked']));
    expect(tookMs).toBeLessThan(20_000);
    // Links are many on purpose: nobody takes it for a mail loop.
    await agent.post(`/problems/${problem.id}/comments`, { body: 'Many.' }).expect(201);
  }, 60_000);
});
