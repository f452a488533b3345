/** Tickets that rules and teams share out by themselves, from the opening on. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { eventually, openWorld, type World } from '../harness';
import { acted, opened, type Caller } from './incident';

const Shared = z.looseObject({
  id: z.string(),
  state: z.string(),
  team: z.object({ name: z.string() }).nullable(),
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
});
const Lines = z.object({
  data: z.array(z.looseObject({ type: z.string(), data: z.looseObject({}) })),
});
const Agenda = z.object({
  data: z.array(z.object({ key: z.string(), at: z.string(), what: z.string() })),
});
const Team = z.looseObject({ id: z.string(), revision: z.int() });

let world: World;
let admin: Caller;
let agent: Caller;
let requester: Caller;
let team: z.infer<typeof Team>;
/** The last one who came to it. */
let memberId: string;

beforeAll(async () => {
  world = await openWorld({ carries: true });
  [admin, agent, requester] = [
    await world.as('admin'),
    await world.as('agent'),
    await world.as('user'),
  ];
});
afterAll(() => world.close());

/** A team of its own whose members are new, and a rule that gives it all that comes by a channel. */
async function aTeam(channel: string, size: number, assignment: object): Promise<void> {
  const name = `Team ${randomUUID()}`;
  team = Team.parse((await admin.post('/teams', { name }).expect(201)).body);
  for (let k = 0; k < size; k += 1) {
    const email = `${randomUUID()}@${world.slug}.example`;
    const person = { email, name: `Member ${k + 1}`, role: 'agent' };
    memberId = Team.pick({ id: true }).parse((await admin.post('/users', person)).body).id;
    await member({});
  }
  await admin.patch(`/teams/${team.id}`, { assignment }).expect(200);
  const rule = { name, ticketType: 'incident', teamId: team.id, when: `channel==${channel}` };
  await admin.post('/assignment-rules', rule).expect(201);
}

const member = (what: object) =>
  admin.post(`/teams/${team.id}/members`, { userId: memberId, ...what }).expect(204);

const read = async (id: string) => Shared.parse((await agent.get(`/incidents/${id}`)).body);
const linesOf = async (id: string) =>
  Lines.parse((await agent.get(`/incidents/${id}/events`)).body).data;
const waitOf = async (id: string) =>
  Agenda.parse((await agent.get(`/incidents/${id}/agenda`)).body).data.find(
    ({ key }) => key === 'assignment',
  );

describe('a ticket that a rule gives to a team which shares by load', () => {
  beforeAll(() => aTeam('phone', 4, { strategy: 'leastLoaded' }));

  it('goes to each as often as to the others, also when fifty are opened at once', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 50 }, () => opened(agent, { channel: 'phone' })),
    );
    const shared = tickets.map((ticket) => Shared.parse(ticket));
    const counts = new Map<string, number>();
    for (const { assignee } of shared)
      counts.set(assignee?.name ?? 'nobody', 1 + (counts.get(assignee?.name ?? 'nobody') ?? 0));
    expect([...counts.values()].sort()).toEqual([12, 12, 13, 13]);
    expect(counts.has('nobody')).toBe(false);
    expect(new Set(shared.map(({ state }) => state))).toEqual(new Set(['assigned']));
  });

  it('says why, in the line that gives it', async () => {
    const { id } = await opened(agent, { channel: 'phone' });
    const line = (await linesOf(id)).find(({ type }) => type === 'assigned');
    expect(line?.data).toMatchObject({
      isByRule: true,
      reason: expect.stringMatching(/^least loaded of 4: \d+ open against/) as string,
    });
  });

  it('is given anew when it comes to the team from another one, not when it was taken off by hand', async () => {
    const { id } = await opened(agent, { channel: 'chat' });
    await acted(agent, { id }, 'assign', { teamId: team.id });
    expect((await read(id)).assignee).not.toBeNull();
    await acted(agent, { id }, 'assign', { assigneeId: null });
    expect((await read(id)).assignee).toBeNull();
  });
});

describe('a ticket for which nobody is there', () => {
  it('waits in the queue, and its agenda says for what', async () => {
    await aTeam('walkIn', 1, { strategy: 'roundRobin' });
    await member({ capacity: 0 });
    const { id } = await opened(agent, { channel: 'walkIn' });
    expect((await read(id)).assignee).toBeNull();
    expect((await waitOf(id))?.what).toMatch(/^It waits for somebody of Team/);
    // Somebody takes it by hand: nothing is waited for any more.
    await acted(agent, { id }, 'start');
    expect(await waitOf(id)).toBeUndefined();
  });

  it('is given by itself when its time has come', async () => {
    await aTeam('monitoring', 1, { strategy: 'roundRobin' });
    await member({ capacity: 0 });
    const { id } = await opened(agent, { channel: 'monitoring' });
    await member({ capacity: 5 });
    await world.rows(
      `update tickets set next_due_at = now(), snapshot = jsonb_set(snapshot, '{agenda}', (
         select jsonb_agg(case when e->>'key' = 'assignment' then
                  e || jsonb_build_object('at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                  else e end) from jsonb_array_elements(snapshot->'agenda') e)) where id = $1`,
      [id],
    );
    // The life hears of the earlier instant with the next fact.
    await acted(agent, { id }, 'prioritize', { urgency: 'low' });
    await eventually('somebody has it', async () => (await read(id)).assignee ?? undefined);
    expect(await waitOf(id)).toBeUndefined();
  });
});

describe('a follow-up that is born of a comment', () => {
  it('is shared by its own life', async () => {
    await aTeam('email', 2, { strategy: 'leastLoaded' });
    const { id } = await opened(requester, { channel: 'email' });
    await acted(agent, { id }, 'start');
    await acted(agent, { id }, 'resolve', { code: 'solved', notes: 'Done.' });
    await acted(agent, { id }, 'close');
    await requester
      .post(`/incidents/${id}/comments`, { body: 'Again.', isPublic: true })
      .expect(201);
    await eventually('somebody has the follow-up', async () => {
      const [row] = await world.rows(
        `select t.assignee_id from ticket_links l join tickets t on t.id = l.ticket_id
          where l.other_id = $1 and l.kind = 'followUpOf' and t.assignee_id is not null`,
        [id],
      );
      return row;
    });
  });
});
