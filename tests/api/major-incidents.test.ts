/** Major incidents over the API: who may do what, what people read of them, and how they are found. */
import { eventually, openWorld, type World } from '../harness';
import {
  acted,
  bodyOf,
  each,
  invalidAt,
  opened,
  refused,
  type Caller,
  type Ticket,
} from './incident';

let world: World;
let by: Record<'user' | 'stranger' | 'agent' | 'manager', Caller>;
beforeAll(async () => {
  world = await openWorld({ carries: true });
  const [user, stranger, agent, manager] = await Promise.all(
    ['user', 'stranger', 'agent', 'manager'].map((name) => world.as(name)),
  );
  if (!user || !stranger || !agent || !manager) throw new Error('Somebody is missing');
  by = { user, stranger, agent, manager };
});
afterAll(() => world.close());

const because = { reason: 'All sites.' };
const resolution = { code: 'solved', notes: 'Repaired.' };
const body = 'The line is being repaired.';

async function major(terms: object = {}): Promise<Ticket> {
  return acted(by.manager, await opened(by.user), 'declareMajor', { ...because, ...terms });
}
const command = (caller: Caller, { id }: { id: string }, name: string, input: object = {}) =>
  caller.post(`/incidents/${id}/actions/${name}`, input);
const link = (ticket: Ticket, kind: string, to: Ticket) =>
  by.agent.post(`/incidents/${ticket.id}/links`, { kind, ticketId: to.id }).expect(201);
/** As those read it who opened the part, and do not see the major incident. */
const heardBy = (caller: Caller, part: Ticket, times: number) =>
  eventually('comments', async () => {
    const said = await each(caller, `/incidents/${part.id}/comments`, 'body');
    return said.length >= times ? said : undefined;
  });

describe('a major incident', () => {
  it('is declared by managers; agents coordinate it, post updates and review it', async () => {
    const coordinatorId = world.id('person', 'colleague');
    const ticket = await major({ coordinatorId, updateEveryMinutes: 15, communication: body });
    expect(ticket).toMatchObject({
      major: { ...because, coordinatorId, updateEveryMinutes: 15, remindedTimes: 0 },
    });
    expect(await each(by.user, `/incidents/${ticket.id}/comments`, 'body')).toEqual([body]);
    const agentId = world.id('person', 'agent');
    const handedOver = await acted(by.agent, ticket, 'coordinate', { coordinatorId: agentId });
    expect(handedOver).toMatchObject({ major: { coordinatorId: agentId } });
    await acted(by.agent, ticket, 'postUpdate', { body: 'Half of it works.', nextInMinutes: 240 });
    const inputs = { coordinate: { coordinatorId }, postUpdate: { body } };
    for (const [name, input] of Object.entries({ ...inputs, reviewMajor: { findings: 'x' } })) {
      expect(await refused(command(by.user, ticket, name, input))).toMatchObject({ status: 403 });
    }
  });

  it.each<[name: string, input: object, pointer: string]>([
    ['declareMajor', { ...because, updateEveryMinutes: 4 }, '/updateEveryMinutes'],
    ['declareMajor', { ...because, coordinatorId: 'me' }, '/coordinatorId'],
    ['coordinate', {}, '/coordinatorId'],
    ['postUpdate', { body: ' ' }, '/body'],
    ['postUpdate', { body, nextInMinutes: 100_000 }, '/nextInMinutes'],
  ])('%s is 422 for %j', async (name, input, pointer) => {
    const ticket = await major();
    expect(await refused(command(by.manager, ticket, name, input))).toEqual(invalidAt(pointer));
  });

  it('is not coordinated by those who do not work on tickets', async () => {
    const coordinatorId = world.id('person', 'stranger');
    const ticket = await opened(by.user);
    const declaring = command(by.manager, ticket, 'declareMajor', { ...because, coordinatorId });
    expect(await refused(declaring)).toEqual(invalidAt('/coordinatorId'));
  });

  it('is found by the filter, and no other is', async () => {
    const [ticket, other, over] = [await major(), await opened(by.user), await major()];
    await acted(by.manager, over, 'standDownMajor');
    const found = await each(by.agent, '/incidents?q=isMajor==true&limit=100', 'id');
    expect(found).toContain(ticket.id);
    expect(found).not.toEqual(expect.arrayContaining([other.id]));
    const others = await each(by.agent, '/incidents?filter[isMajor]=false&limit=100', 'id');
    expect(others).toEqual(expect.arrayContaining([other.id, over.id]));
    expect(others).not.toContain(ticket.id);
  });

  it('is reviewed before it is closed, by whomever; its requester reads nothing of it in the feed', async () => {
    const ticket = await major();
    await acted(by.agent, ticket, 'resolve', resolution);
    for (const caller of [by.user, by.agent]) {
      expect(await refused(command(caller, ticket, 'close'))).toMatchObject({
        ...{ status: 409, code: 'conflict' },
      });
    }
    const findings = 'Both lines lie in one duct.';
    const reviewed = await acted(by.agent, ticket, 'reviewMajor', { findings });
    expect(reviewed).toMatchObject({ majorReview: { findings, isNeeded: true } });
    const feed = await each(by.user, `/incidents/${ticket.id}/events`, 'type');
    expect(feed).not.toContain('majorReviewed');
    expect(await acted(by.user, ticket, 'close')).toMatchObject({ state: 'closed' });
  });
});

describe('a part of a major incident', () => {
  it('hears its updates, the newest when it becomes one, from whichever end', async () => {
    const ticket = await major();
    const [early, late] = [await opened(by.stranger), await opened(by.stranger)];
    await link(early, 'parent', ticket);
    await acted(by.agent, ticket, 'postUpdate', { body });
    await link(ticket, 'child', late);
    const words = `${ticket.number}, of which this is a part: ${body}`;
    expect(await heardBy(by.stranger, early, 1)).toEqual([words]);
    expect(await heardBy(by.stranger, late, 1)).toEqual([words]);
    const told = await each(by.stranger, '/me/notifications?limit=100', 'subject');
    expect(told.filter((one) => String(one).includes(late.number))).toHaveLength(1);
    await acted(by.agent, ticket, 'postUpdate', { body: 'Done soon.' });
    expect(await heardBy(by.stranger, early, 2)).toHaveLength(2);
  });

  it('hears nothing of one that is confidential', async () => {
    const ticket = await major({ communication: body });
    const admin = await world.as('admin');
    await admin.patch(`/incidents/${ticket.id}`, { isConfidential: true }).expect(200);
    const part = await opened(by.stranger);
    await admin
      .post(`/incidents/${part.id}/links`, { kind: 'parent', ticketId: ticket.id })
      .expect(201);
    await acted(admin, ticket, 'resolve', resolution);
    await eventually('resolved', async () => {
      const state = await each(by.stranger, `/incidents?filter[number]=${part.number}`, 'state');
      return state[0] === 'resolved' ? true : undefined;
    });
    const said = await bodyOf(by.stranger.get(`/incidents/${part.id}/comments`));
    expect(JSON.stringify(said)).not.toContain(ticket.number);
    expect(JSON.stringify(said)).not.toContain(body);
  });

  it('is resolved and reopened with an incident that is no major one, too', async () => {
    const [ticket, part] = [await opened(by.user), await opened(by.stranger)];
    await link(part, 'parent', ticket);
    await acted(by.agent, ticket, 'resolve', resolution);
    const becomes = (state: string) =>
      eventually(state, async () => {
        const now = await bodyOf(by.stranger.get(`/incidents/${part.id}`).expect(200));
        return (now as Ticket).state === state ? now : undefined;
      });
    expect(await becomes('resolved')).toMatchObject({
      resolution: {
        ...{ code: 'solved', byId: null, followedId: ticket.id },
        notes: `This is a part of ${ticket.number}, which was resolved.`,
      },
    });
    await acted(by.user, ticket, 'reopen', { reason: 'It is back.' });
    await becomes('assigned');
  });
});
