/** What operations can repair, on the real database and the real engine. */
import { randomUUID } from 'node:crypto';
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { checkLives } from '../../engine/check';
import { within } from '../../engine/client';
import { replaceLife } from '../../engine/replace';
import { resumeAll } from '../../engine/resume';
import { oldestRows, outboxState, setAsideRows, takeUp, takeUpAll } from '../../engine/undelivered';
import { inspectTickets } from '../../models/tickets/kernel/inspection';
import { findNamed } from '../../models/tickets/kernel/named';
import { processes } from '../../workflows/registry';
import { eventually, openWorld, type World } from '../harness';
import { runOps } from '../setup/run-ops';

const unavailable = new ServiceError('Failed to start Workflow', {
  cause: Object.assign(new Error('deadline'), { code: 4, details: '', metadata: {} }),
});

interface Ticket {
  id: string;
  number: string;
  version: number;
  state: string;
}

let world: World;
beforeAll(async () => {
  world = await openWorld({ processes });
});
afterAll(() => world.close());

async function opened(title = 'No mail'): Promise<Ticket> {
  const agent = await world.as('agent');
  const wish = { title, description: 'None', impact: 'high', urgency: 'high' };
  return (await agent.post('/incidents', wish).expect(201)).body as Ticket;
}

async function act(ticket: Ticket, command: string, body: object): Promise<void> {
  const agent = await world.as('agent');
  await agent.post(`/incidents/${ticket.id}/actions/${command}`, body).expect(200);
}

const lifeOf = ({ number }: Ticket) =>
  world.engine.client.workflow.getHandle(world.workflowId(number));
const keyOf = ({ id }: Ticket) => ({ organizationId: world.organizationId, ticketId: id });

async function rowOf({ id }: Ticket) {
  const [row] = await world.rows(
    'select state, version, life, revision, snapshot from tickets where id = $1',
    [id],
  );
  return row ?? {};
}

/** As if the engine had never heard of it. */
async function forget(ticket: Ticket): Promise<void> {
  await world.engine.connection.workflowService.deleteWorkflowExecution({
    namespace: world.engine.namespace,
    workflowExecution: { workflowId: world.workflowId(ticket.number) },
  });
  await eventually('forgotten', async () => {
    try {
      await lifeOf(ticket).describe();
      return undefined;
    } catch (error) {
      return error instanceof WorkflowNotFoundError ? true : undefined;
    }
  });
}

async function problemsOf(ticket: Ticket): Promise<string[]> {
  const { findings } = await checkLives(world);
  const name = world.workflowId(ticket.number);
  return findings.filter((one) => one.ticket === name).map(({ problem }) => problem);
}

describe('resume --all-missing', () => {
  it('brings every life back as it was, and handles what fell due with its true instant', async () => {
    const quiet = await opened();
    const held = await opened();
    const cancelled = await opened();
    await act(cancelled, 'cancel', { reason: 'mistake' });
    const until = new Date(Date.now() + 1_500).toISOString();
    await act(held, 'hold', { reason: 'scheduled', until });
    const before = await rowOf(quiet);
    await world.stopWorker();
    await forget(quiet);
    await forget(held);
    expect(await problemsOf(quiet)).toEqual(['not alive']);

    const resumed = await resumeAll(world);
    expect(resumed).toMatchObject({ lookedAt: 2, started: 2, alreadyAlive: 0, failed: [] });
    await world.startWorker();
    const event = await eventually('the hold to end', async () => {
      const [row] = await world.rows(
        `select occurred_at from ticket_events where ticket_id = $1 and type = 'resumed'`,
        [held.id],
      );
      return row;
    });
    expect(event['occurred_at']).toEqual(new Date(until));
    expect(await rowOf(quiet)).toEqual(before);
    expect(await problemsOf(quiet)).toEqual([]);
    await act(quiet, 'resolve', { code: 'solved', notes: 'Done' });
    expect((await rowOf(quiet))['version']).toBe(2);
  });

  it('starts nothing twice', async () => {
    await opened();
    const again = await resumeAll(world);
    expect(again).toMatchObject({ started: 0, failed: [] });
    expect(again.alreadyAlive).toBe(again.lookedAt);
  });

  it('offers again what the engine did not take in time, and then tells what stands behind it', async () => {
    const ticket = await opened();
    const slow = () => Promise.reject(unavailable);
    const once = { ...world.lives, start: jest.fn(world.lives.start).mockImplementationOnce(slow) };
    const resumed = await resumeAll({ ...world, lives: once });
    expect(resumed.failed).toEqual([]);
    expect(resumed.alreadyAlive).toBe(resumed.lookedAt);
    const broken = () => Promise.reject(new Error('Failed', { cause: new Error('no such queue') }));
    const never = { ...world.lives, start: broken };
    const { failed } = await resumeAll({ ...world, lives: never });
    expect(failed).toContainEqual({
      ...{ ticket: world.workflowId(ticket.number), reason: 'Failed: no such queue' },
    });
  });

  it('makes unconfirmed messages due at once and leaves alone what was set aside', async () => {
    const { id } = await opened();
    await world.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name, next_at, set_aside_at)
       values ($1, $2, 'unconfirmed', 'signal', 'fact', now() + interval '1 hour', null),
              ($1, $2, 'poisoned', 'signal', 'fact', now() + interval '1 hour', now())`,
      [world.organizationId, id],
    );
    expect((await resumeAll(world)).sentAgain).toBe(1);
    const due = await world.rows(
      'select id from engine_outbox where ticket_id = $1 and next_at <= now()',
      [id],
    );
    expect(due).toEqual([{ id: 'unconfirmed' }]);
    await world.rows('delete from engine_outbox where ticket_id = $1', [id]);
  });
});

describe('resume --replace', () => {
  it('ends the life and starts one with the next number; the ticket stays as it was', async () => {
    const ticket = await opened();
    const before = await rowOf(ticket);
    const { runId } = await lifeOf(ticket).describe();
    expect(await replaceLife(world, keyOf(ticket))).toBe(2);
    const old = world.engine.client.workflow.getHandle(world.workflowId(ticket.number), runId);
    expect((await old.describe()).status.name).toBe('TERMINATED');
    expect((await lifeOf(ticket).describe()).status.name).toBe('RUNNING');
    expect(await rowOf(ticket)).toEqual({ ...before, life: 2 });
    await act(ticket, 'resolve', { code: 'solved', notes: 'Done' });
  });

  it('lets a life below the fence end by itself as soon as it acts', async () => {
    const ticket = await opened();
    await world.rows('update tickets set life = life + 1 where id = $1', [ticket.id]);
    const { runId } = await lifeOf(ticket).describe();
    await lifeOf(ticket).signal('look', {});
    const old = world.engine.client.workflow.getHandle(world.workflowId(ticket.number), runId);
    await eventually('superseded', async () =>
      (await old.describe()).status.name === 'COMPLETED' ? true : undefined,
    );
    expect(await problemsOf(ticket)).toEqual(['not alive']);
    await resumeAll(world);
  });

  it('puts a life in the place of one that belongs to another ticket', async () => {
    const ticket = await opened();
    await lifeOf(ticket).terminate();
    await world.engine.client.workflow.start('incident', {
      workflowId: world.workflowId(ticket.number),
      taskQueue: `nobody-${randomUUID()}`,
      memo: { ticketId: randomUUID() },
    });
    expect(await problemsOf(ticket)).toEqual(['foreign life']);
    const { failed } = await resumeAll(world);
    expect(failed.map((one) => one.ticket)).toEqual([world.workflowId(ticket.number)]);
    await replaceLife(world, keyOf(ticket));
    expect(await problemsOf(ticket)).toEqual([]);
  });

  it('puts a life in the place of one whose tasks fail again and again', async () => {
    const ticket = await opened();
    await lifeOf(ticket).terminate();
    const taskQueue = `broken-${randomUUID()}`;
    await world.engine.client.workflow.start('incident', {
      workflowId: world.workflowId(ticket.number),
      taskQueue,
      memo: { ticketId: ticket.id },
    });
    await failTasks(taskQueue, 4);
    expect(await problemsOf(ticket)).toEqual(['stuck']);
    await replaceLife(world, keyOf(ticket));
    expect(await problemsOf(ticket)).toEqual([]);
    await act(ticket, 'resolve', { code: 'solved', notes: 'Done' });
  });

  it('refuses a ticket that is settled', async () => {
    const ticket = await opened();
    await act(ticket, 'cancel', { reason: 'mistake' });
    await expect(replaceLife(world, keyOf(ticket))).rejects.toMatchObject({ code: 'conflict' });
    expect((await rowOf(ticket))['life']).toBe(1);
  });
});

/** A worker whose code cannot replay answers every task so. */
async function failTasks(taskQueue: string, times: number): Promise<void> {
  const { engine } = world;
  const { workflowService } = engine.connection;
  const { namespace } = engine;
  for (let failed = 0; failed < times;) {
    const { taskToken } = await within(engine, 30_000, () =>
      workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
    );
    if (taskToken.length === 0) continue;
    await within(engine, 5_000, () =>
      workflowService.respondWorkflowTaskFailed({ namespace, taskToken }),
    );
    failed += 1;
  }
}

describe('outbox', () => {
  afterEach(() => world.rows('delete from engine_outbox'));

  async function setAside(ticket: Ticket, id: string): Promise<void> {
    await world.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name, attempts, last_error, set_aside_at)
       values ($1, $2, $3, 'signal', 'look', 41, 'no such life', now())`,
      [world.organizationId, ticket.id, id],
    );
  }

  it('counts what waits and shows what was set aside first, with its tries and its error', async () => {
    const ticket = await opened();
    await setAside(ticket, 'look/9');
    await world.rows(
      `insert into engine_outbox (organization_id, ticket_id, id, kind, name, created_at)
       values ($1, $2, 'look/1', 'signal', 'look', now() - interval '1 hour')`,
      [world.organizationId, ticket.id],
    );
    expect(await outboxState(world.database)).toMatchObject({ waiting: 1, setAside: 1 });
    const [first, second] = await oldestRows(world.database, 5);
    const seen = {
      ticket: world.workflowId(ticket.number),
      attempts: 41,
      lastError: 'no such life',
    };
    expect(first).toMatchObject({ id: 'look/9', isSetAside: true, ...seen });
    expect(second).toMatchObject({ id: 'look/1', isSetAside: false });
  });

  it('takes up one row of the ticket that is meant, or all of them', async () => {
    const [one, other] = [await opened(), await opened()];
    await setAside(one, 'look/9');
    await setAside(other, 'look/9');
    const rows = await setAsideRows(world.database, 'look/9');
    expect(rows.map(({ ticketId }) => ticketId).sort()).toEqual([one.id, other.id].sort());
    const wanted = rows.find(({ ticketId }) => ticketId === one.id);
    if (!wanted) throw new Error('not listed');
    expect(await takeUp(world.database, wanted)).toBe(true);
    expect(await takeUp(world.database, wanted)).toBe(false);
    expect(await outboxState(world.database)).toMatchObject({ waiting: 1, setAside: 1 });
    expect(await takeUpAll(world.database)).toBe(1);
    const left = await world.rows('select attempts from engine_outbox where set_aside_at is null');
    expect(left).toEqual([{ attempts: 0 }, { attempts: 0 }]);
  });
});

describe('check', () => {
  it('finds overdue agendas and feeds with gaps', async () => {
    const [late, torn] = [await opened(), await opened()];
    const nameOf = ({ number }: Ticket) => world.workflowId(number);
    await act(torn, 'resolve', { code: 'solved', notes: 'Done' });
    expect(await inspectTickets(world.database, 60)).toMatchObject({ overdue: [], gaps: [] });
    await world.rows(`update tickets set next_due_at = now() - interval '1 hour' where id = $1`, [
      late.id,
    ]);
    await world.rows('delete from ticket_events where ticket_id = $1 and version = 1', [torn.id]);
    const { overdue, gaps } = await inspectTickets(world.database, 60);
    expect(overdue.map(({ ticket }) => ticket)).toEqual([nameOf(late)]);
    expect(gaps.map(({ ticket }) => ticket)).toEqual([nameOf(torn)]);
    expect((await runOps(world, 'check')).code).toBe(1);
    for (const beside of ['ticket_events', 'sla_clocks'])
      await world.rows(`delete from ${beside} where ticket_id = $1`, [torn.id]);
    await world.rows('delete from tickets where id = $1', [torn.id]);
    await world.rows(`update tickets set next_due_at = null where id = $1`, [late.id]);
  });

  it('says from the command line that all is well, and ends with 0', async () => {
    const { code, said } = await runOps(world, 'check');
    expect(said).toContain('All is well.');
    expect(code).toBe(0);
  });
});

describe('the name of a ticket', () => {
  it('is its id, the id of its life, or its number in its organization', async () => {
    const { id, number } = await opened();
    const name = world.workflowId(number);
    for (const wanted of [id, id.toUpperCase(), name, `${world.slug}/${number}`]) {
      expect(await findNamed(world.database, wanted)).toMatchObject({ ticketId: id, name });
    }
  });

  it('of no ticket is refused', async () => {
    for (const wanted of ['', 'INC0000001', `${world.slug}/INC9999999`, 'a/b/c/d', randomUUID()]) {
      await expect(findNamed(world.database, wanted)).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
