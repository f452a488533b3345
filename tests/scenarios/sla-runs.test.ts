/** Open tickets are told of other terms: each once, whatever dies on the way. */
import { z } from 'zod';
import { eventually, openWorld, type World } from '../harness';
import { startDoomedWorker } from '../setup/doomed-worker';
import { decided, openedIncident, type Caller, type Ticket } from './faults/record';

const Run = z.looseObject({
  id: z.uuid(),
  kind: z.string(),
  state: z.string(),
  total: z.int().nullable(),
  done: z.int(),
  retargeted: z.int(),
});
const Runs = z.object({ data: z.array(Run) });
const Policy = z.object({
  id: z.uuid(),
  inForce: z.object({ rules: z.array(z.looseObject({ targets: z.array(z.looseObject({})) })) }),
});
const Policies = z.object({ data: z.array(Policy) });
const Calendars = z.object({ data: z.array(z.object({ id: z.uuid(), name: z.string() })) });
const DoneAnswer = z.object({ definition: z.looseObject({}) });

const many = 50;

let world: World;
let admin: Caller;
let agent: Caller;
let tickets: readonly Ticket[];
beforeAll(async () => {
  world = await openWorld({ carries: true });
  [admin, agent] = [await world.as('admin'), await world.as('agent')];
  const opened: Ticket[] = [];
  for (let k = 0; k < many; k += 1) opened.push(await openedIncident(agent, impacts[k % 3]));
  tickets = opened;
  const held = { reason: 'customer', comment: 'Which one?' };
  for (const { id } of opened.slice(0, 4)) {
    await decided(agent, `/incidents/${id}/actions/hold`, held);
  }
}, 120_000);
afterAll(() => world.close());

const impacts = [
  { impact: 'high', urgency: 'high' },
  { impact: 'medium', urgency: 'medium' },
  { impact: 'low', urgency: 'low' },
];

async function doubled() {
  const { data } = Policies.parse((await admin.get('/sla-policies')).body);
  const [policy] = data;
  if (!policy) throw new Error('There is no policy');
  const rules = policy.inForce.rules.map((rule) => ({
    ...rule,
    targets: rule.targets.map((target) => ({ ...target, targetSeconds: 400_000 })),
  }));
  return { id: policy.id, rules };
}

async function over(kind: string): Promise<z.infer<typeof Run>> {
  return eventually(
    `the run ${kind}`,
    async () => {
      const answer = await admin.get(`/sla-runs?filter[kind]=${kind}`);
      return Runs.parse(answer.body).data.find(({ state }) => state === 'done');
    },
    90_000,
  );
}

/** How often each clock of a ticket was retargeted, by what, and from when to when. */
async function retargets(cause: string) {
  return world.rows(
    `select e.ticket_id as id, e.data->>'clock' as clock, e.data->'from' as was, e.data->'to' as is,
            t.state
       from ticket_events e join tickets t on t.id = e.ticket_id
      where e.type = 'slaRetargeted' and split_part(e.cause, '#', 1) = $1 order by 1, 2`,
    [cause],
  );
}

it('a publication reaches fifty open tickets, each once, though the worker is killed on the way', async () => {
  const { id, rules } = await doubled();
  await world.stopWorker();
  const doomed = await startDoomedWorker(world, 'agreed');
  expect((await admin.patch(`/sla-policies/${id}`, { rules })).status).toBe(200);
  const wish = { appliesTo: 'open' };
  expect((await admin.post(`/sla-policies/${id}/actions/publish`, wish)).status).toBe(200);
  await doomed.dead;
  await world.startWorker();
  const run = await over('publication');
  expect(run).toMatchObject({ total: many, done: many, retargeted: many });
  const lines = await retargets(`agreed/${run.id}`);
  expect(lines.map((line) => `${String(line['id'])} ${String(line['clock'])}`)).toEqual(
    tickets
      .map((ticket) => ticket.id)
      .sort()
      .flatMap((one) => [`${one} resolution`, `${one} response`]),
  );
  for (const { was, is, state, clock } of lines) {
    expect(is).toMatchObject({ targetSeconds: 400_000 });
    const isPaused = state === 'onHold' && clock === 'resolution';
    const due = isPaused ? [null, null] : [expect.any(String), expect.any(String)];
    expect([was, is]).toMatchObject([{ dueAt: due[0] as unknown }, { dueAt: due[1] as unknown }]);
  }
  const owed = await world.rows('select id from engine_outbox where set_aside_at is not null');
  expect(owed).toEqual([]);
}, 180_000);

it('a calendar that was edited counts for running clocks once it is applied, and not before', async () => {
  const { data } = Calendars.parse((await admin.get('/calendars')).body);
  const business = data.find(({ name }) => name === 'Business hours');
  const path = `/calendars/${business?.id ?? ''}`;
  const { definition } = DoneAnswer.parse((await admin.get(path)).body);
  const changed = { ...definition, holidays: ['2099-01-01'] };
  expect((await admin.patch(path, { definition: changed })).status).toBe(200);
  const onIt = await world.rows(`select id from tickets where snapshot->'clocks' @> $1::jsonb`, [
    JSON.stringify([{ terms: { calendar: { id: business?.id } } }]),
  ]);
  expect(onIt.length).toBeGreaterThan(20);
  const answer = await admin.post(`${path}/actions/apply`);
  expect([answer.status, answer.headers['location']]).toEqual([
    202,
    expect.stringMatching(/^\/api\/v1\/sla-runs\//),
  ]);
  const run = await over('calendar');
  expect(run).toMatchObject({ total: many, done: many, retargeted: onIt.length });
  expect(await retargets(`agreed/${run.id}`)).toHaveLength(onIt.length * 2);
}, 120_000);

it('a dry run is a workflow whose progress stands in its row and in the Web UI', async () => {
  const { id } = await doubled();
  const period = { from: '2020-01-01T00:00:00Z', until: '2090-01-01T00:00:00Z' };
  const answer = await admin.post(`/sla-policies/${id}/dry-run`, period);
  expect(answer.status).toBe(202);
  const run = await over('dryRun');
  expect(run).toMatchObject({ total: 0, done: 0 });
  const handle = world.engine.client.workflow.getHandle(`${world.slug}/sla-run/${run.id}`);
  await handle.result();
  expect(await handle.query('progress')).toContain('Dry run of a policy: done');
  const flips = await admin.get(`/sla-runs/${run.id}/flips`);
  expect(flips.body).toMatchObject({ data: [], page: { hasMore: false } });
});
