/** Problems on the real engine: what is told to incidents arrives once, whoever dies; what a change fixes ends with it. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { acted, opened, ticketOf, type Caller, type Ticket } from '../api/incident';
import { eventually, openWorld, type World } from '../harness';
import { startDoomedWorker } from '../setup/doomed-worker';
import { decided, rowOf, typesOf } from './faults/record';

const written = { title: 'The outbox stops', description: 'Every Monday.' };
const resolution = { code: 'fixed', notes: 'The backup runs at two.' };

const problemFrom = async (by: Caller, incidents: readonly Ticket[], more: object = {}) => {
  const fromIncidentIds = incidents.map(({ id }) => id);
  return ticketOf(await by.post('/problems', { ...written, fromIncidentIds, ...more }).expect(201));
};
const give = (by: Caller, { id }: Ticket, action: string, body: object = {}) =>
  by.post(`/problems/${id}/actions/${action}`, body).expect(200);

/** By how many comments and notices on a ticket there are so many tickets. */
async function heardIn(world: World, problem: Ticket) {
  return world.rows(
    `select comments, told, versions, count(*)::int as tickets from (
       select (select count(*)::int from ticket_comments c where c.ticket_id = t.id) as comments,
              (select count(*)::int from notifications n where n.ticket_id = t.id
                  and n.template = 'incident.workaroundPublished'
                  and n.recipient_id = t.requester_id) as told,
              jsonb_path_query_array(t.snapshot, '$.details.workarounds[*].version') as versions
         from ticket_links l join tickets t on t.id = l.other_id
        where l.ticket_id = $1 and l.kind = 'causes') one
      group by 1, 2, 3 order by 1`,
    [problem.id],
  );
}

describe('a workaround that is published before the cause is known', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ worker: false, carries: true });
  });
  afterAll(() => world.close());

  const isHeard = (problem: Ticket, expected: object[]) =>
    eventually(
      `heard as ${JSON.stringify(expected)}`,
      async () => {
        const heard = JSON.stringify(await heardIn(world, problem));
        return heard === JSON.stringify(expected) ? true : undefined;
      },
      60_000,
    );
  /** Nothing is under way any more: what was sent, and not confirmed, is looked at without its pause. */
  const isCarried = () =>
    eventually('an empty outbox', async () => {
      await world.rows('update engine_outbox set next_at = now(), lease_until = null');
      const owed = await world.rows('select 1 from engine_outbox');
      return owed.length === 0 ? true : undefined;
    });

  it('reaches 50 incidents once each, with two workers killed, when it is published again', async () => {
    const [agent, user] = [await world.as('agent'), await world.as('user')];
    const incidents: Ticket[] = [];
    for (let k = 0; k < 10; k += 1)
      incidents.push(...(await Promise.all([1, 2, 3, 4, 5].map(() => opened(user)))));
    const problem = await problemFrom(agent, incidents);
    const first = await startDoomedWorker(world, 'publishWorkaround');
    const say = (action: string, body: object = {}) =>
      decided(agent, `/problems/${problem.id}/actions/${action}`, body);
    await say('investigate');
    await say('proposeWorkaround', { text: 'Restart the outbox.', isPublic: true });
    const asked = say('publishWorkaround');
    await first.dead;
    const second = await startDoomedWorker(world, 'workaroundPublished');
    await second.dead;
    await world.startWorker();
    expect(await asked).toMatchObject({ status: 200, body: { rootCause: null } });
    const once = { comments: 1, told: 1, versions: [1], tickets: 50 };
    await isHeard(problem, [once]);
    await give(agent, problem, 'publishWorkaround');
    const [late] = await Promise.all([opened(user)]);
    await agent
      .post(`/problems/${problem.id}/links`, { kind: 'causes', ticketId: late.id })
      .expect(201);
    await isHeard(problem, [{ ...once, tickets: 51 }]);
    await isCarried();
    await isHeard(problem, [{ ...once, tickets: 51 }]);
    // Another text is news.
    await give(agent, problem, 'proposeWorkaround', { text: 'Stop the backup.', isPublic: true });
    await give(agent, problem, 'publishWorkaround');
    await isHeard(problem, [{ comments: 2, told: 2, versions: [2], tickets: 51 }]);
    const by = await world.rows(
      `select distinct u.name, c.is_public from ticket_comments c join users u on u.id = c.author_id`,
    );
    expect(by).toEqual([{ name: 'agent', is_public: true }]);
  }, 150_000);
});

describe('a problem that ends', () => {
  let world: World;
  let agent: Caller;
  beforeAll(async () => {
    world = await openWorld({ carries: true });
    agent = await world.as('agent');
  });
  afterAll(() => world.close());

  const stateOf = async ({ id }: { id: string }) => (await rowOf(world, id)).state;
  const becomes = (ticket: { id: string }, state: string) =>
    eventually(state, async () => ((await stateOf(ticket)) === state ? true : undefined));

  async function aChange() {
    const [manager, admin] = [await world.as('manager'), await world.as('admin')];
    const plans = { implementation: 'Move it.', test: 'Look.', backOut: 'Move it back.' };
    const risk = { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' };
    const made = await manager.post('/change-templates', {
      ...{ name: randomUUID(), title: 'Move', durationMinutes: 30, risk, plans },
    });
    const { id: templateId } = z.object({ id: z.string() }).parse(made.body);
    await admin.post(`/change-templates/${templateId}/actions/approve`).expect(200);
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const window = { start: at(-1), end: at(4) };
    const body = { ...written, kind: 'standard', templateId, window };
    return ticketOf(await agent.post('/changes', body).expect(201));
  }

  const carriedOut = async (change: Ticket, outcome: string) => {
    const say = (action: string, body: object = {}) =>
      agent.post(`/changes/${change.id}/actions/${action}`, body).expect(200);
    await say('submit');
    await say('implement');
    await say('complete', { outcome });
    if (outcome !== 'successful') await say('review', { findings: 'It was not enough.' });
    return () => say('close');
  };

  it('is resolved by the closure of its change, and lets incidents that were held go on', async () => {
    const [held, other, change] = [await opened(agent), await opened(agent), await aChange()];
    await acted(agent, held, 'hold', { reason: 'problem' });
    const problem = await problemFrom(agent, [held, other]);
    await agent
      .post(`/changes/${change.id}/links`, { kind: 'fixes', ticketId: problem.id })
      .expect(201);
    await give(agent, problem, 'investigate');
    await give(agent, problem, 'startFix');
    const close = await carriedOut(change, 'successful');
    expect(await stateOf(problem)).toBe('fixInProgress');
    await close();
    await becomes(problem, 'resolved');
    await becomes(held, 'assigned');
    const notes = `${change.number} was carried out and closed.`;
    const suggestedResolution = { code: 'solved', notes, problemId: problem.id };
    for (const { id } of [held, other]) {
      await eventually('a suggestion', async () => {
        const { suggestedResolution: found } = ticketOf(await agent.get(`/incidents/${id}`));
        return found === null ? undefined : true;
      });
      expect((await agent.get(`/incidents/${id}`)).body).toMatchObject({ suggestedResolution });
    }
    expect(await stateOf(other)).toBe('new');
    // What went on stays where it is.
    await give(agent, problem, 'reopen', { reason: 'Monday again.' });
    await eventually('a line', async () =>
      (await typesOf(world, held.id)).includes('problemReopened') ? true : undefined,
    );
    expect(await stateOf(held)).toBe('assigned');
  });

  it('stays where it is when its change has failed', async () => {
    const [problem, change] = [await problemFrom(agent, []), await aChange()];
    await agent
      .post(`/problems/${problem.id}/links`, { kind: 'fixedBy', ticketId: change.id })
      .expect(201);
    await give(agent, problem, 'investigate');
    await give(agent, problem, 'startFix');
    await (
      await carriedOut(change, 'failed')
    )();
    await eventually('a line', async () =>
      (await typesOf(world, problem.id)).includes('fixFailed') ? true : undefined,
    );
    expect(await stateOf(problem)).toBe('fixInProgress');
  });

  it('resolves incidents that were held for it where the organization wants it so', async () => {
    const admin = await world.as('admin');
    await admin.patch('/organization', { problemResolvesIncidents: true }).expect(200);
    const [held, free] = [await opened(agent), await opened(agent)];
    await acted(agent, held, 'hold', { reason: 'problem' });
    const problem = await problemFrom(agent, [held, free]);
    await give(agent, problem, 'resolve', resolution);
    await becomes(held, 'resolved');
    expect((await agent.get(`/incidents/${held.id}`)).body).toMatchObject({
      resolution: { code: 'solved', notes: resolution.notes },
    });
    expect(await stateOf(free)).toBe('new');
  });
});
