/** What a policy would have made of tickets that are over. */
import { randomUUID } from 'node:crypto';
import { createRunBatch } from '../../activities/sla-runs/batch';
import { plusDays, type Instant } from '../../models/instant';
import type { PolicyDefinition } from '../../models/sla/policy/shape';
import { writeRun } from '../../models/sla-runs/rows';
import { openWorld, type World } from '../harness';
import { leadPast, stories, type PastIncident } from '../past-incidents';

const many = Object.keys(stories).length;
const monday: Instant = '2026-03-02T09:00:00.000Z';

let world: World;
let incidents: Readonly<Record<keyof typeof stories, PastIncident>>;
let inForce: { readonly id: string; readonly definition: PolicyDefinition };
beforeAll(async () => {
  world = await openWorld({ worker: false });
  const [row] = await world.rows(
    `select id, rules from sla_policies where organization_id = $1 and ticket_type = 'incident'`,
    [world.organizationId],
  );
  const { rules } = row as unknown as PolicyDefinition;
  inForce = { id: String(row?.['id']), definition: { rules } };
  await world.rows(`update sla_policies set published_at = '2026-01-01'`);
  const led: Record<string, PastIncident> = {};
  for (const [name, story] of Object.entries(stories)) {
    led[name] = await leadPast(world, monday, story);
  }
  incidents = led as typeof incidents;
});
afterAll(() => world.close());

/** Every target by so much. */
function scaled(by: number): PolicyDefinition {
  const rules = inForce.definition.rules.map((rule) => ({
    ...rule,
    targets: rule.targets.map((target) => ({
      ...target,
      targetSeconds: Object.fromEntries(
        Object.entries(target.targetSeconds).map(([priority, seconds]) => [
          priority,
          Math.round(Number(seconds) * by),
        ]),
      ),
    })),
  }));
  return { rules };
}

async function begin(definition: PolicyDefinition): Promise<string> {
  const runId = randomUUID();
  const period = { from: monday, until: plusDays(monday, 30) };
  const about = { ticketType: 'incident', policyId: inForce.id, definition, period };
  await world.database.inOrganization(world.organizationId, (tx) =>
    writeRun(tx, { id: runId, kind: 'dryRun', startsAt: monday, ...about }),
  );
  return runId;
}

async function tried(definition: PolicyDefinition) {
  const runId = await begin(definition);
  const order = { organizationId: world.organizationId, runId };
  const next = createRunBatch(world);
  while (!(await next(order)).isOver);
  return results(runId);
}

async function results(runId: string) {
  const [run] = await world.rows('select * from sla_runs where id = $1', [runId]);
  const flips = await world.rows(
    `select t.number, clock, direction, before, after from sla_flips f join tickets t on t.id = f.ticket_id
      where run_id = $1 order by t.number, clock`,
    [runId],
  );
  return { run, flips };
}

/** Everything but the runs themselves. */
async function everything(): Promise<unknown> {
  const tables = ['tickets', 'ticket_events', 'engine_outbox', 'notifications', 'sla_policies'];
  return Promise.all(
    tables.map((table) =>
      world.rows(`select md5(string_agg(t::text, '' order by t::text)) as sum from ${table} t`),
    ),
  );
}

describe('a dry run', () => {
  it('finds nothing when the policy is tried that was in force', async () => {
    const { run, flips } = await tried(inForce.definition);
    expect(flips).toEqual([]);
    expect(run).toMatchObject({ state: 'done', total: many, done: many, to_missed: 0, to_met: 0 });
  });

  it('names each clock that would be missed, with both computations', async () => {
    const { run, flips } = await tried(scaled(0.4));
    expect(flips.map(({ number, clock, direction }) => [number, clock, direction])).toEqual(
      expect.arrayContaining([[incidents.quick.number, 'resolution', 'toMissed']]),
    );
    expect(run).toMatchObject({ state: 'done', to_missed: flips.length, to_met: 0 });
    const quick = flips.find(({ number }) => number === incidents.quick.number);
    const elapsed = { elapsedSeconds: 7_200, startedAt: monday, rule: 'Round the clock' };
    expect(quick?.['before']).toMatchObject({
      ...{ outcome: 'met', targetSeconds: 14_400, dueAt: '2026-03-02T13:00:00.000Z' },
      ...{ breachedAt: null, policy: { id: inForce.id, version: 1 }, ...elapsed },
    });
    expect(quick?.['after']).toMatchObject({
      ...{ outcome: 'missed', targetSeconds: 5_760, dueAt: '2026-03-02T10:36:00.000Z' },
      ...{ breachedAt: '2026-03-02T10:36:00.000Z', policy: { id: inForce.id, version: 2 } },
      ...elapsed,
    });
  });

  it('names each that would be met', async () => {
    const { flips } = await tried(scaled(30));
    const met = flips.map(({ number, clock, direction }) => [number, clock, direction]);
    const { number } = incidents.late;
    expect(met.filter(([one]) => one === number)).toEqual([
      [number, 'resolution', 'toMet'],
      [number, 'response', 'toMet'],
    ]);
    expect(new Set(met.map(([, , direction]) => direction))).toEqual(new Set(['toMet']));
  });

  it('follows clocks that another policy calls otherwise', async () => {
    const { rules } = scaled(0.4);
    const renamed = rules.map((rule) => ({
      ...rule,
      targets: rule.targets.map((target) => ({ ...target, id: `new-${target.id}` })),
    }));
    const { flips } = await tried({ rules: renamed });
    const same = await tried(scaled(0.4));
    expect(flips).toEqual(same.flips);
  });

  it('counts a promise that a ticket got late from its opening, without the waits before it', async () => {
    const [rule] = inForce.definition.rules;
    const targets = rule?.targets.filter(({ metric }) => metric === 'resolution') ?? [];
    // 22 hours, of which it waited 19: the target of four is met.
    const { flips } = await tried({ rules: [{ name: 'Late', when: 'priority==P1', targets }] });
    expect(incidents.raised.clocks.map(({ state }) => state)).toContain('stopped');
    expect(flips.filter(({ number }) => number === incidents.raised.number)).toEqual([]);
    const half = targets.map((target) => ({ ...target, targetSeconds: 2 * 3_600 }));
    const shorter = await tried({
      rules: [{ name: 'Late', when: 'priority==P1', targets: half }],
    });
    expect(shorter.flips.find(({ number }) => number === incidents.raised.number)).toMatchObject({
      ...{ clock: 'resolution', direction: 'toMissed' },
      after: { elapsedSeconds: 3 * 3_600, startedAt: monday },
    });
  });

  it('changes nothing', async () => {
    const before = await everything();
    const { flips } = await tried(scaled(0.4));
    expect(flips.length).toBeGreaterThan(1);
    expect(await everything()).toEqual(before);
  });

  it('counts a batch once that is done twice at the same time, and again after its end', async () => {
    const runId = await begin(scaled(0.4));
    const order = { organizationId: world.organizationId, runId };
    const next = createRunBatch(world);
    await Promise.all([next(order), next(order)]);
    while (!(await next(order)).isOver);
    expect(await next(order)).toMatchObject({ isOver: true });
    const { run, flips } = await results(runId);
    expect(run).toMatchObject({ state: 'done', total: many, done: many, to_missed: flips.length });
  });

  it('that meets a fault of ours ends, with the reason', async () => {
    const runId = await begin({ rules: [{ name: 'All', when: 'no such thing', targets: [] }] });
    const order = { organizationId: world.organizationId, runId };
    expect(await createRunBatch(world)(order)).toMatchObject({ isOver: true });
    const { run } = await results(runId);
    expect(run).toMatchObject({ state: 'failed' });
    expect(String(run?.['error'])).toContain('no such thing');
  });
});
