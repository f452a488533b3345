/** What a ticket is promised by policies that ask for what stands around it, over its life through the API. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { idOf } from '../../models/organizations/found';
import type { PolicyRule, Target } from '../../models/sla/policy/shape';
import { eventually, openWorld, type World } from '../harness';
import { acted, opened, type Caller, type Ticket } from './incident';

const Clocks = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      state: z.string(),
      targetSeconds: z.number(),
      elapsedSeconds: z.int(),
      dueAt: z.string().nullable(),
      breached: z.boolean(),
    }),
  ),
});
const Agenda = z.object({ data: z.array(z.object({ key: z.string(), at: z.string() })) });
const Id = z.looseObject({ id: z.string() });

let world: World;
let admin: Caller;
let agent: Caller;
let user: Caller;
let always: string;
beforeAll(async () => {
  world = await openWorld();
  admin = await world.as('admin');
  agent = await world.as('agent');
  user = await world.as('user');
  always = idOf(world.slug, 'calendar', 'Round the clock');
});
afterAll(() => world.close());

const resolution = (targetSeconds: number, more: Partial<Target> = {}): Target => ({
  ...{ id: 'resolution', kind: 'SLA', metric: 'resolution', targetSeconds },
  calendar: { calendarId: always },
  ...more,
});

/** Comes before the policy of the first day, from now on. */
async function published(...rules: PolicyRule[]): Promise<string> {
  const draft = { name: `Policy ${randomUUID()}`, ticketType: 'incident', position: -1, rules };
  const { id } = Id.parse((await admin.post('/sla-policies', draft).expect(201)).body);
  await admin.post(`/sla-policies/${id}/actions/publish`, {}).expect(200);
  return id;
}
const retired = (id: string) => admin.post(`/sla-policies/${id}/actions/retire`, {}).expect(200);

const clocksOf = async (caller: Caller, { id }: Ticket) =>
  Clocks.parse((await caller.get(`/incidents/${id}/sla`).expect(200)).body).data;
const targetsOf = async (ticket: Ticket) =>
  (await clocksOf(agent, ticket)).map(({ id, targetSeconds }) => [id, targetSeconds]);
const agendaOf = async (caller: Caller, { id }: Ticket) =>
  Agenda.parse((await caller.get(`/incidents/${id}/agenda`).expect(200)).body).data;

describe('a policy', () => {
  it('promises by what the requester is, and the next one is asked where no rule holds', async () => {
    const policy = await published({
      name: 'Important people',
      when: 'requester.isVip==true',
      targets: [resolution(600)],
    });
    const vip = world.id('person', 'stranger');
    await admin.patch(`/users/${vip}`, { isVip: true }).expect(200);
    expect(await targetsOf(await opened(agent, { requesterId: vip }))).toEqual([
      ['resolution', 600],
    ]);
    expect(await targetsOf(await opened(user))).toEqual([
      ['response', 14_400],
      ['resolution', 86_400],
    ]);
    await retired(policy);
  });

  it('counts on the calendar of the service, where that has one', async () => {
    const definition = { timezone: 'UTC', weekly: { mon: [['09:00', '09:30']] } };
    const calendar = { name: `Mondays ${randomUUID()}`, definition };
    const calendarId = Id.parse((await admin.post('/calendars', calendar).expect(201)).body).id;
    const service = {
      name: `Service ${randomUUID()}`,
      teamId: world.id('team', 'Network'),
      calendarId,
    };
    const serviceId = Id.parse((await admin.post('/services', service).expect(201)).body).id;
    const target = resolution(3_600, { calendar: { of: 'service', calendarId: always } });
    const policy = await published({ name: 'All', targets: [target] });
    const [own] = await clocksOf(agent, await opened(user, { serviceId }));
    // Two half hours of Mondays.
    expect(own?.dueAt).toMatch(/T09:30:00\.000Z$/);
    expect(new Date(own?.dueAt ?? '').getUTCDay()).toBe(1);
    const [other] = await clocksOf(agent, await opened(user));
    expect(other?.dueAt).not.toMatch(/T09:30:00\.000Z$/);
    await retired(policy);
  });

  it('that comes to hold later counts from the opening, without the waits that were', async () => {
    const serviceId = idOf(world.slug, 'service', 'Mail');
    const policy = await published(
      { name: 'Mail', when: `service==${serviceId}`, targets: [resolution(600)] },
      { name: 'Others', targets: [] },
    );
    const ticket = await opened(user);
    expect(await clocksOf(agent, ticket)).toEqual([]);
    await acted(agent, ticket, 'hold', { reason: 'customer' });
    await acted(agent, ticket, 'resume');
    await acted(agent, ticket, 'classify', { serviceId });
    const [row] = await world.rows(
      `select opened_at as opened, snapshot->'clocks'->0 as clock from tickets where id = $1`,
      [ticket.id],
    );
    const Clock = z.object({
      opened: z.date(),
      clock: z.object({
        startedAt: z.string(),
        termsSince: z.string(),
        state: z.string(),
        pauses: z.array(z.object({ from: z.string(), to: z.string() })),
      }),
    });
    const { opened: openedAt, clock } = Clock.parse(row);
    expect(clock).toMatchObject({ startedAt: openedAt.toISOString(), state: 'running' });
    expect(clock.pauses).toHaveLength(1);
    expect(clock.termsSince > (clock.pauses[0]?.to ?? '')).toBe(true);
    await retired(policy);
  });

  it('of another version leaves open tickets alone, unless it was published for them', async () => {
    const policy = await published({ name: 'All', targets: [resolution(600)] });
    const ticket = await opened(user);
    const next = (seconds: number) =>
      admin
        .patch(`/sla-policies/${policy}`, {
          rules: [{ name: 'All', targets: [resolution(seconds)] }],
        })
        .expect(200);
    await next(700);
    await admin.post(`/sla-policies/${policy}/actions/publish`, {}).expect(200);
    await acted(agent, ticket, 'start');
    expect(await targetsOf(ticket)).toEqual([['resolution', 600]]);
    await next(800);
    await admin.post(`/sla-policies/${policy}/actions/publish`, { appliesTo: 'open' }).expect(200);
    await acted(agent, ticket, 'prioritize', { urgency: 'low' });
    expect(await targetsOf(ticket)).toEqual([['resolution', 800]]);
    await retired(policy);
  });
});

describe('a ladder', () => {
  it('gives the ticket to another team, raises priority and level, and tells whom it names', async () => {
    const network = world.id('team', 'Network');
    const policy = await published({
      name: 'All',
      targets: [
        resolution(1, {
          ladder: [
            {
              key: 'over',
              at: { percent: 100 },
              actions: [
                { action: 'reassign', teamId: network },
                { action: 'raisePriority' },
                { action: 'escalate' },
                { action: 'notify', to: ['requesterManager', 'teamLead'] },
              ],
            },
          ],
        }),
      ],
    });
    const manager = world.id('person', 'manager');
    await admin.patch(`/users/${world.id('person', 'user')}`, { managerId: manager }).expect(200);
    const { id } = await opened(user);
    const breached = await eventually('the step is taken', async () => {
      const found = Id.extend({ priority: z.string() }).parse(
        (await agent.get(`/incidents/${id}`)).body,
      );
      return found.priority === 'P2' ? found : undefined;
    });
    expect(breached).toMatchObject({ team: { id: network }, escalation: { level: 1 } });
    const told = await world.rows(
      `select recipient_id as id from notifications where ticket_id = $1 and template = 'incident.slaBreach'`,
      [id],
    );
    expect(told.map((row) => row['id']).sort()).toEqual(
      [manager, world.id('person', 'lead')].sort(),
    );
    await retired(policy);
  });
});

describe('what teams and vendors promise', () => {
  it('is for agents: neither figures nor steps nor events show it to the requester', async () => {
    const policy = await published({
      name: 'All',
      targets: [resolution(900), resolution(300, { id: 'team', kind: 'OLA' })],
    });
    const ticket = await opened(user);
    const kinds = async (caller: Caller) =>
      (await clocksOf(caller, ticket)).map(({ kind }) => kind);
    expect(await kinds(agent)).toEqual(['SLA', 'OLA']);
    expect(await kinds(user)).toEqual(['SLA']);
    const keys = async (caller: Caller) => (await agendaOf(caller, ticket)).map(({ key }) => key);
    expect(await keys(agent)).toContain('sla.team.100');
    expect((await keys(user)).filter((key) => key.startsWith('sla.team'))).toEqual([]);
    const { text } = await user.get(`/incidents/${ticket.id}/events`).expect(200);
    expect(text).not.toContain('"clocks"');
    await retired(policy);
  });
});

describe('a ticket that waits for its requester', () => {
  it('has reminders and its end on the agenda, and neither once they have answered', async () => {
    const policy = await published({
      name: 'All',
      targets: [],
      waiting: { remindAfterHours: [24, 72], resolveAfterDays: 7 },
    });
    const ticket = await opened(user);
    await acted(agent, ticket, 'hold', { reason: 'customer' });
    const waits = async () =>
      (await agendaOf(agent, ticket)).filter(({ key }) => key.startsWith('wait.'));
    expect((await waits()).map(({ key }) => key)).toEqual([
      ...['wait.remind-1', 'wait.remind-2', 'wait.resolve'],
    ]);
    await user
      .post(`/incidents/${ticket.id}/comments`, { body: 'Here.', isPublic: true })
      .expect(201);
    expect(await waits()).toEqual([]);
    await retired(policy);
  });
});
