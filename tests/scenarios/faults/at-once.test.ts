import { setTimeout as pause } from 'node:timers/promises';
import { openWorld, type World } from '../../harness';
import { decided, feedOf, inWorld, openedErrand, openedIncident, rowOf } from './record';
import { typesOf, type Caller, type Ticket } from './record';

const solved = { code: 'solved', notes: 'Done' };

describe('several at once', () => {
  let world: World;
  let agent: Caller;
  let user: Caller;
  beforeAll(async () => {
    world = await openWorld();
    [agent, user] = [await world.as('agent'), await world.as('user')];
  });
  afterAll(() => world.close());

  it('twenty comments at the same moment all stand, in versions without a gap', async () => {
    const { id } = await openedIncident(user);
    const said = Array.from({ length: 20 }, (_, k) => `Comment ${k}`);
    const answers = await Promise.all(
      said.map((body, k) => (k % 2 ? agent : user).post(`/incidents/${id}/comments`, { body })),
    );
    expect(answers.map(({ status }) => status)).toEqual(said.map(() => 201));
    const rows = await world.rows('select body from ticket_comments where ticket_id = $1', [id]);
    expect(rows.map(({ body }) => body).sort()).toEqual([...said].sort());
    expect(await typesOf(world, id)).toEqual(['opened', ...said.map(() => 'commented')]);
    expect(await rowOf(world, id)).toMatchObject({ version: 21 });
  });

  it('a customer answers while the agent resolves: whoever is first, the ticket is consistent', async () => {
    const tickets = await Promise.all(Array.from({ length: 6 }, () => openedIncident(user)));
    for (let round = 0; round < 4; round += 1) {
      const statuses = await Promise.all(tickets.map((ticket) => duel(ticket)));
      expect(statuses).toEqual(tickets.map(() => [200, 201]));
      for (const ticket of tickets) await expectConsistent(ticket);
    }
  });

  /** Both at the same moment; a ticket that stays resolved is reopened for the next round. */
  async function duel({ id }: Ticket): Promise<number[]> {
    const path = `/incidents/${id}`;
    const [resolved, said] = await Promise.all([
      decided(agent, `${path}/actions/resolve`, solved),
      user.post(`${path}/comments`, { body: 'It is not.' }),
    ]);
    return [resolved.status, said.status];
  }

  async function expectConsistent({ id }: Ticket): Promise<void> {
    const feed = await feedOf(world, id);
    const row = await rowOf(world, id);
    expect(row.version).toBe(feed.length);
    const last = feed.filter(({ type }) => /^(resolved|reopened)$/.test(type)).at(-1)?.type;
    const isResolved = last === 'resolved';
    expect(row.state).toBe(isResolved ? 'resolved' : 'inProgress');
    const keys = row.snapshot.agenda.map(({ key }) => key);
    expect(keys.includes('autoClose')).toBe(isResolved);
    expect(keys.some((key) => key.startsWith('sla.resolution.'))).toBe(!isResolved);
    const clock = row.snapshot.clocks.find(({ id: name }) => name === 'resolution');
    expect(clock?.state).toBe(isResolved ? 'stopped' : 'running');
    if (isResolved) {
      await agent.post(`/incidents/${id}/actions/reopen`, { reason: 'Next round' }).expect(200);
    }
  }
});

describe('two commands in one task of the engine', () => {
  it.each([
    ['slow before its commit', { before: 700, after: 0 }],
    ['slower than its bound, after its commit', { before: 0, after: 2_600 }],
    ['slower than its bound, before its commit', { before: 2_600, after: 0 }],
  ])('are applied in their order, each once, the first step %s', (_, slow) => {
    let isFirst = true;
    const around: NonNullable<Parameters<typeof inWorld>[0]['around']> = (activities) => ({
      ...activities,
      step: async (request) => {
        const delay = request.fact.name === 'nudge' && isFirst ? slow : { before: 0, after: 0 };
        if (request.fact.name === 'nudge') isFirst = false;
        await pause(delay.before);
        const answer = await activities.step(request);
        await pause(delay.after);
        return answer;
      },
    });
    return inWorld({ worker: false, around }, async (world) => {
      const agent = await world.as('agent');
      const [one, other] = [await openedErrand(agent), await openedErrand(agent)];
      const first = decided(agent, `/errands/${one.id}/actions/nudge`);
      await pause(400);
      const second = decided(agent, `/errands/${one.id}/actions/pass`, { to: other.id });
      await pause(400);
      await world.startWorker();
      expect([(await first).status, (await second).status]).toEqual([200, 200]);
      expect(await typesOf(world, one.id)).toEqual(['opened', 'nudged', 'passed']);
      expect(new Set(await acceptedIn(world, one)).size).toBe(1);
    });
  });
});

/** The workflow tasks in which the commands of an errand were accepted. */
async function acceptedIn(world: World, { number }: Ticket): Promise<string[]> {
  const life = world.engine.client.workflow.getHandle(world.workflowId(number, 'errand'));
  const { events } = await life.fetchHistory();
  const accepted = (events ?? []).flatMap((event, k) =>
    event.workflowExecutionUpdateAcceptedEventAttributes ? [k] : [],
  );
  expect(accepted).toHaveLength(2);
  return accepted.map((k) => {
    const task = (events ?? []).slice(0, k).findLast((e) => e.workflowTaskCompletedEventAttributes);
    return String(task?.eventId);
  });
}
