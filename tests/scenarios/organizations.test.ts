/** Suspension and the end of an organization, with real lives; and the operator's command line. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import supertest from 'supertest';
import { sweepOutbox } from '../../engine/outbox';
import { watch } from '../../engine/watchdog';
import type { Database } from '../../models/database';
import { markDeleted, resume, suspend } from '../../models/organizations/operations';
import { inspectTickets } from '../../models/tickets/kernel/inspection';
import { waitingKeys } from '../../models/tickets/suspension';
import { surroundings } from '../../scripts/stack/environment';
import { processes } from '../../workflows/registry';
import { acted, opened, type Caller, type Ticket } from '../api/incident';
import { eventually, openWorld, type World } from '../harness';
import { promise } from './faults/record';
import { asOperator, olga } from '../setup/operator';
import { runOps } from '../setup/run-ops';

const waiting = waitingKeys(processes);

let world: World;
let operator: Database;
beforeAll(async () => {
  world = await openWorld();
  operator = await asOperator(world);
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

const lifeOf = ({ number }: Ticket) =>
  world.engine.client.workflow.getHandle(world.workflowId(number));
const feedOf = async ({ id }: Ticket) =>
  world.rows(
    'select type, occurred_at as at from ticket_events where ticket_id = $1 order by version',
    [id],
  );
const typesOf = async (ticket: Ticket) => (await feedOf(ticket)).map(({ type }) => String(type));
const hears = (ticket: Ticket, type: string) =>
  eventually(type, async () => (await feedOf(ticket)).find((line) => line['type'] === type));

describe('an organization that is suspended', () => {
  let agent: Caller;
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

  /** Resolved, and to be closed in so many milliseconds in place of days. */
  async function closingIn(ms: number): Promise<Ticket> {
    const ticket = await opened(agent);
    await acted(agent, ticket, 'resolve', { code: 'solved', notes: 'Done' });
    const agenda = [
      { key: 'autoCloseReminder', at: soon(ms - 200), n: 2, what: 'Reminder' },
      { key: 'autoClose', at: soon(ms), n: 2, what: 'Closes' },
    ];
    await world.rows(
      `update tickets set snapshot = jsonb_set(snapshot, '{agenda}', $2::jsonb), revision = revision + 1,
              next_due_at = ($2::jsonb->0->>'at')::timestamptz where id = $1`,
      [ticket.id, JSON.stringify(agenda)],
    );
    await lifeOf(ticket).signal('look', {});
    return ticket;
  }

  it('goes on with its clocks and holds, but closes and reminds only when it is resumed', async () => {
    agent = await world.as('agent');
    await promise(world, { response: 3, resolution: 3 });
    const late = await opened(agent, { impact: 'high', urgency: 'high' });
    const held = await opened(agent);
    await acted(agent, held, 'hold', { reason: 'scheduled', until: soon(2_500) });
    const [closing, forgotten] = [await closingIn(2_000), await closingIn(2_000)];

    await suspend(operator, world.slug, 'unpaid', olga);
    expect((await agent.get('/me')).body).toMatchObject({ code: 'organization_suspended' });
    await lifeOf(forgotten).terminate('by hand');
    await hears(late, 'slaBreached');
    await hears(held, 'resumed');
    // Nothing else of it falls due while the watchdog looks.
    await eventually('both of its deadlines are escalated', async () => {
      const lines = (await typesOf(late)).filter((type) => type === 'slaEscalated');
      return lines.length === 2 ? true : undefined;
    });

    expect(await typesOf(closing)).toEqual(['opened', 'resolved']);
    const length = async () => (await lifeOf(closing).describe()).historyLength;
    const before = await length();
    const told = jest.fn();
    const log = Object.assign(Object.create(world.log), { error: told }) as World['log'];
    expect(await watch({ ...world, log, waiting }, 0)).toBe(0);
    expect(told).not.toHaveBeenCalled();
    const { overdue } = await inspectTickets(world.database, 0, undefined, waiting);
    expect(overdue).toEqual([]);
    await pause(1_500);
    expect(await length()).toBe(before);
    expect((await lifeOf(closing).describe()).status.name).toBe('RUNNING');

    expect(await resume(operator, world.slug, waiting, olga)).toBe(2);
    expect(await watch({ ...world, log, waiting })).toBe(0);
    await sweepOutbox(world);
    for (const ticket of [closing, forgotten]) {
      const closed = await hears(ticket, 'closed');
      const [row] = await world.rows(
        `select t.state, t.is_settled, t.closed_at >= date_trunc('milliseconds', o.resumed_at) as after,
                (select count(*)::int from notifications n where n.ticket_id = t.id
                    and n.template in ('incident.closed', 'incident.autoCloseSoon')) as told
           from tickets t join organizations o on o.id = t.organization_id where t.id = $1`,
        [ticket.id],
      );
      expect(row).toEqual({ state: 'closed', is_settled: true, after: true, told: 2 });
      expect(await typesOf(ticket)).toEqual(['opened', 'resolved', 'autoCloseReminded', 'closed']);
      expect(closed['at']).toBeInstanceOf(Date);
    }
    expect((await agent.get('/me')).status).toBe(200);
  });
});

describe('the command line of an operator', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-organizations-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes an organization whose administrator must choose a password first', async () => {
    const args = [
      '--slug',
      'initech',
      '--name',
      'Initech',
      '--admin-email',
      'bill@initech.example',
    ];
    const made = await runOps(world, 'organization', 'create', ...args);
    expect([made.code, made.said]).toEqual([0, expect.stringContaining('initech is ready')]);
    const [, password = ''] = /^ {2}(\S+)$/m.exec(made.said) ?? [];
    const login = await supertest(world.app)
      .post('/api/v1/auth/login')
      .send({ email: 'bill@initech.example', password });
    expect(login.body).toMatchObject({ user: { mustChangePassword: true, role: 'admin' } });
    const again = await runOps(world, 'organization', 'create', ...args);
    expect([again.code, again.said]).toEqual([1, expect.stringContaining('The slug initech')]);
    const wrong = await runOps(world, 'organization', 'create', ...args, '--slug', 'admin');
    expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining('is reserved')]);
    const { said } = await runOps(world, 'organization', 'list');
    expect(said).toMatch(/initech +Initech +\S+ +works/);
  });

  it('exports into a file that is whole or not there', async () => {
    const file = join(folder, 'acme.jsonl.gz');
    const exported = await runOps(world, 'organization', 'export', world.slug, '--to', file);
    expect([exported.code, exported.said]).toEqual([0, expect.stringContaining('rows of')]);
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 'holdfast-organization' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ end: true, rows: lines.length - 2 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const nowhere = join(folder, 'nowhere', 'file');
    const failed = await runOps(world, 'organization', 'export', world.slug, '--to', nowhere);
    expect(failed.code).toBe(1);
    const acts = await world.rows(
      `select actor->>'kind' as kind from audit_events
        where organization_id = $1 and action = 'organization.exported'`,
      [world.organizationId],
    );
    expect(acts).toEqual([{ kind: 'operator' }]);
  });
});

describe('an organization that is deleted', () => {
  it('is purged with all its lives, also by a purge that goes on where one was killed', async () => {
    const doomed = await world.neighbour();
    const agent = await doomed.as('agent');
    const tickets = [await opened(agent), await opened(agent), await opened(agent)];
    const lives = tickets.map(({ number }) =>
      world.engine.client.workflow.getHandle(`${doomed.slug}/incident/${number}`),
    );
    const statuses = () =>
      Promise.all(lives.map(async (life) => (await life.describe()).status.name));
    await eventually('lives', async () =>
      (await statuses().catch(() => [])).length === 3 ? true : undefined,
    );
    const many = 40_000;
    await world.rows(
      `insert into audit_events (organization_id, id, action, actor, address, request_id, target_type,
                                 target_id, target_name)
       select $1, gen_random_uuid(), 'x.y', '{}', '', '', 'x', $1, 'x' from generate_series(1, $2)`,
      [doomed.organizationId, many],
    );
    await markDeleted(operator, doomed.slug, olga);
    await world.rows(
      `update organizations set deleted_at = now() - interval '31 days' where slug = $1`,
      [doomed.slug],
    );
    const left = async () => {
      const [row] = await world.rows(
        'select count(*)::int as n from audit_events where organization_id = $1',
        [doomed.organizationId],
      );
      return Number(row?.['n']);
    };

    const env = surroundings({
      DATABASE_URL: world.databaseUrl,
      TEMPORAL_ADDRESS: world.temporalAddress,
      TEMPORAL_TASK_QUEUE: world.taskQueue,
    });
    const args = ['--import', 'tsx', 'scripts/ops.ts', 'organization', 'purge'];
    const purge = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => purge.once('close', resolve));
    await eventually('some rows to go', async () => ((await left()) < many ? true : undefined));
    purge.kill('SIGKILL');
    await ended;
    expect(await left()).toBeGreaterThan(0);

    const { code, said } = await runOps(world, 'organization', 'purge');
    expect([code, said]).toEqual([0, expect.stringContaining(`${doomed.slug} is gone`)]);
    expect(await statuses()).toEqual(['TERMINATED', 'TERMINATED', 'TERMINATED']);
    const [slug] = await world.rows(
      `select purged_at is not null as is_purged, (purged->>'audit_events')::int as events,
              (purged->>'tickets')::int as tickets,
              exists (select 1 from organizations where slug = $1) as is_there
         from organization_slugs where slug = $1`,
      [doomed.slug],
    );
    expect(slug).toEqual({ is_purged: true, events: many + 1, tickets: 3, is_there: false });
  });
});
