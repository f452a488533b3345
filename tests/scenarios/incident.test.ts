import { z } from 'zod';
import { acted, bodyOf, each, opened, ticketOf, type Caller, type Ticket } from '../api/incident';
import { eventually, openWorld, type World } from '../harness';
import { advance } from '../setup/time';

const day = 86_400;
const Agenda = z.object({ data: z.array(z.looseObject({ key: z.string() })) });

describe('the life of an incident, as the walk of the README has it', () => {
  let world: World;
  let user: Caller;
  let agent: Caller;
  let incident: Ticket;
  beforeAll(async () => {
    world = await openWorld();
    user = await world.as('user');
    agent = await world.as('agent');
  });
  afterAll(() => world.close());

  const agenda = async () =>
    Agenda.parse(await bodyOf(agent.get(`/incidents/${incident.id}/agenda`))).data.map(
      ({ key }) => key,
    );

  it('is opened as a P1 with every threshold on its agenda', async () => {
    incident = await opened(user, { impact: 'high', urgency: 'high' });
    expect(incident).toMatchObject({ state: 'new', priority: 'P1' });
    const ladder = [75, 100, 150];
    expect(await agenda()).toEqual([
      ...ladder.map((percent) => `sla.response.${percent}`),
      ...ladder.map((percent) => `sla.resolution.${percent}`),
    ]);
  });

  it('has nothing ahead of it while it waits for the customer, who was asked', async () => {
    const held = { reason: 'customer', comment: 'Which mailbox is it?' };
    expect(await acted(agent, incident, 'hold', held)).toMatchObject({ state: 'onHold' });
    expect(await agenda()).toEqual([]);
  });

  it('goes on, is resolved, and reopened by whoever reported it', async () => {
    expect(await acted(agent, incident, 'resume')).toMatchObject({ state: 'assigned' });
    expect(await resolved()).toMatchObject({ state: 'resolved' });
    expect(await agenda()).toEqual(['autoCloseReminder', 'autoClose']);
    expect(await acted(user, incident, 'reopen', { reason: 'It is back.' })).toMatchObject({
      state: 'inProgress',
      reopenCount: 1,
    });
  });

  it('closes by itself five days after it was resolved, reminded a day before', async () => {
    await resolved();
    await advance(world.engine, world.workflowId(incident.number), 6 * day);
    await eventually('closed', async () => {
      const { state } = ticketOf(await agent.get(`/incidents/${incident.id}`));
      return state === 'closed' ? state : undefined;
    });
  });

  it('tells its whole life in a feed without gaps', async () => {
    const events = `/incidents/${incident.id}/events`;
    expect(await each(agent, events, 'type')).toEqual(
      'opened held commented resumed resolved reopened resolved autoCloseReminded closed'.split(
        ' ',
      ),
    );
    expect(await each(agent, events, 'version')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  const resolved = () => acted(agent, incident, 'resolve', { code: 'solved', notes: 'Restarted.' });
});
