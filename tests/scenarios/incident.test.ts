import { advance } from '../setup/time';
import { eventually, openWorld, type World } from '../harness';

interface Ticket {
  id: string;
  number: string;
  state: string;
  version: number;
}

describe('the life of an incident', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  async function opened(): Promise<Ticket> {
    const user = await world.as('user');
    const answer = await user
      .post('/incidents', { title: 'No mail', description: 'None', impact: 'high', urgency: 'high' })
      .expect(201);
    return answer.body as Ticket;
  }

  it('goes from new to closed by itself five days after it was resolved', async () => {
    const { id, number } = await opened();
    const agent = await world.as('agent');
    await agent.post(`/incidents/${id}/actions/resolve`, { code: 'solved', notes: 'Done' }).expect(200);
    await advance(world.engine, world.workflowId(number), 6 * 86_400);
    const closed = await eventually('closed', async () => {
      const { body } = await agent.get(`/incidents/${id}`);
      const ticket = body as Ticket;
      return ticket.state === 'closed' ? ticket : undefined;
    });
    expect(closed.state).toBe('closed');
    const events = await agent.get(`/incidents/${id}/events`).expect(200);
    const { data } = events.body as { data: { type: string; version: number }[] };
    expect(data.map(({ type }) => type)).toEqual(['opened', 'resolved', 'autoCloseReminded', 'closed']);
    expect(data.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });
});
