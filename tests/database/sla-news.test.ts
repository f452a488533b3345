/** Who is told that other terms hold, when, and when nobody is. */
import { randomUUID } from 'node:crypto';
import { createRunBatch } from '../../activities/sla-runs/batch';
import { plusSeconds, toInstant, type Instant } from '../../models/instant';
import { tellNext } from '../../models/sla-runs/tell';
import { writeRun } from '../../models/sla-runs/rows';
import { openWorld, type World } from '../harness';
import { leadPast, stories } from '../past-incidents';

let world: World;
let policyId: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  const [row] = await world.rows(
    `select id from sla_policies where organization_id = $1 and ticket_type = 'incident'`,
    [world.organizationId],
  );
  policyId = String(row?.['id']);
});
beforeEach(() => world.rows('delete from engine_outbox'));
afterAll(() => world.close());

const now = () => toInstant(Date.now());

async function begin(startsAt: Instant, version = 1): Promise<string> {
  const id = randomUUID();
  const run = { id, kind: 'publication', ticketType: 'incident', startsAt } as const;
  await world.database.inOrganization(world.organizationId, (tx) =>
    writeRun(tx, { ...run, policyId, version }),
  );
  return id;
}

const orderOf = (runId: string) => ({ organizationId: world.organizationId, runId });
const owed = (runId: string) =>
  world.rows('select ticket_id as id, payload from engine_outbox where id = $1 order by 1', [
    `agreed/${runId}`,
  ]);
const runOf = async (id: string) =>
  (await world.rows('select * from sla_runs where id = $1', [id]))[0];

/** An open incident of this instant. */
const opened = (at: Instant) => leadPast(world, at, { ...stories.business, deeds: [] });

describe('a publication', () => {
  it('tells nobody before it is in force', async () => {
    const startsAt = plusSeconds(now(), 3_600);
    const runId = await begin(startsAt);
    expect(await tellNext(world, orderOf(runId))).toEqual({ wakeAt: startsAt });
    expect(await owed(runId)).toEqual([]);
    expect(await runOf(runId)).toMatchObject({ state: 'waiting', total: null });
  });

  it('that was withdrawn before it was in force tells nobody', async () => {
    await world.rows(
      `insert into sla_policies (organization_id, id, version, ticket_type, name, rules, published_at)
       select organization_id, id, 2, ticket_type, name, rules, 'infinity' from sla_policies
        where version = 1 and ticket_type = 'incident'`,
    );
    const runId = await begin(plusSeconds(now(), -60), 2);
    expect(await createRunBatch(world)(orderOf(runId))).toMatchObject({ isOver: true });
    expect(await owed(runId)).toEqual([]);
    expect(await runOf(runId)).toMatchObject({ state: 'withdrawn' });
  });

  it('tells open tickets that were there before, at its instant, and waits until they heard', async () => {
    const startsAt = plusSeconds(now(), -60);
    const there = await opened(plusSeconds(startsAt, -600));
    await leadPast(world, '2026-03-02T09:00:00.000Z', { ...stories.quick });
    await world.rows(`update tickets set is_open = false where state = 'resolved'`);
    await opened(plusSeconds(startsAt, 30));
    const runId = await begin(startsAt);
    const next = createRunBatch(world);
    const order = orderOf(runId);
    expect(await next(order)).toMatchObject({ isOver: false, pauseMs: 1_000 });
    expect(await owed(runId)).toMatchObject([
      { id: there.id, payload: { name: 'agreed', occurredAt: startsAt } },
    ]);
    // As when the batch is repeated because its answer was lost.
    expect(await next(order)).toMatchObject({ isOver: false, pauseMs: 1_000 });
    expect(await runOf(runId)).toMatchObject({ state: 'running', total: 1, done: 1 });
    await world.rows('delete from engine_outbox');
    expect(await next(order)).toMatchObject({ isOver: true });
    expect(await runOf(runId)).toMatchObject({ state: 'done', total: 1, done: 1, retargeted: 0 });
  });

  it('does not wait for a message that was set aside for people', async () => {
    const runId = await begin(now());
    const next = createRunBatch(world);
    expect(await next(orderOf(runId))).toMatchObject({ isOver: false });
    await world.rows('update engine_outbox set set_aside_at = now()');
    expect(await next(orderOf(runId))).toMatchObject({ isOver: true });
    expect(await runOf(runId)).toMatchObject({ state: 'done' });
  });
});
