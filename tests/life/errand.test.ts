import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sweepOutbox } from '../../engine/outbox';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import type { Json } from '../../models/tickets/ticket';
import { errandProcess } from '../errands/process';
import { eventually, openWorld, type World } from '../harness';
import { beginLife, kindsOf, summaries, type LivingTicket } from './living';

const run = promisify(execFile);

describe('an errand, driven by signals and by the work that it owes', () => {
  let world: World;
  /** Idempotency keys of the attempts, in order. */
  const calls = new Map<string, string[]>();

  /** As many failures stand for one that no attempt can cure. */
  const hopeless = 1_000;

  beforeAll(async () => {
    world = await openWorld({
      processes: [errandProcess],
      works: {
        fetch: async (input, { ticketId, idempotencyKey }) => {
          const made = [...(calls.get(ticketId) ?? []), idempotencyKey];
          calls.set(ticketId, made);
          const { fails } = input as { fails: number };
          if (fails === hopeless) throw new HopelessWork('refused');
          if (made.length <= fails) throw new Error(`attempt ${made.length} is to fail`);
          return Promise.resolve<Json>({ fetched: made.length });
        },
      },
    });
  });
  afterAll(() => world.close());

  const begin = () => beginLife(world, { type: 'errand', by: 'agent' });
  const types = async (ticket: LivingTicket) => (await ticket.feed()).map(({ type }) => type);

  it('begins at a signal from the Web UI, and ends when its work is done', async () => {
    const errand = await begin();
    await errand.handle.signal('go', { fails: 0 });
    const [fetched] = await errand.hears('fetched');
    expect(fetched).toMatchObject({
      data: { result: { fetched: 1 } },
      actor: { name: 'Holdfast' },
    });
    expect(await types(errand)).toEqual(['opened', 'went', 'fetched']);
    expect(await errand.row()).toMatchObject({ state: 'done', isSettled: true, work: [] });
    expect(await errand.ended()).toBe('COMPLETED');
    expect(await errand.refusals()).toEqual([]);
  });

  it('begins at a signal from the command line', async () => {
    const errand = await begin();
    const { temporalCliPath, temporalAddress } = world.stack;
    const asked = ['workflow', 'signal', '--address', temporalAddress, '--name', 'go'];
    const payload = ['--workflow-id', errand.workflowId, '--input', '{"fails":0}'];
    await run(temporalCliPath, [...asked, ...payload], { timeout: 20_000 });
    await errand.hears('fetched');
    expect(await types(errand)).toEqual(['opened', 'went', 'fetched']);
  });

  it('goes once however often it is told to', async () => {
    const errand = await begin();
    await Promise.all([1, 2, 3].map(() => errand.handle.signal('go', { fails: 1 })));
    await errand.hears('fetched');
    expect(await types(errand)).toEqual(['opened', 'went', 'fetched']);
    expect((await errand.row()).details).toMatchObject({ goes: 1 });
  });

  it('tries work again that failed twice, and counts the attempts in the row', async () => {
    const errand = await begin();
    await errand.handle.signal('go', { fails: 2 });
    await eventually('a second attempt in the row', async () => {
      const [work] = (await errand.row()).work;
      return work === undefined || work.attempts >= 2 ? true : undefined;
    });
    await errand.hears('fetched');
    expect(await errand.row()).toMatchObject({ state: 'done', details: { attempts: 3 } });
    const made = calls.get(errand.id) ?? [];
    expect(made).toHaveLength(3);
    expect(new Set(made).size).toBe(1);
  });

  it('follows the rule of failed work when it fails for good', async () => {
    const errand = await begin();
    await errand.handle.signal('go', { fails: 99 });
    const [failed] = await errand.hears('fetchFailed');
    expect(failed).toMatchObject({ via: 'engine', data: { error: 'attempt 3 is to fail' } });
    expect(calls.get(errand.id)).toHaveLength(3);
    expect(await errand.row()).toMatchObject({ state: 'failed', isSettled: true, work: [] });
    expect(await errand.ended()).toBe('COMPLETED');
  });

  it('follows it at once when no attempt can cure it', async () => {
    const errand = await begin();
    await errand.handle.signal('go', { fails: hopeless });
    const [failed] = await errand.hears('fetchFailed');
    expect(failed).toMatchObject({ via: 'engine', data: { error: 'refused' } });
    expect(calls.get(errand.id)).toHaveLength(1);
  });

  it('takes facts while its work runs', async () => {
    const errand = await begin();
    await errand.handle.signal('go', { fails: 2 });
    await errand.hears('went');
    expect(await errand.give('nudge')).toMatchObject({ kind: 'applied', version: 3 });
    await errand.hears('fetched');
    expect(await types(errand)).toEqual(['opened', 'went', 'nudged', 'fetched']);
  });

  it('costs no event for each attempt, only the schedule, the last start and the result', async () => {
    const errand = await begin();
    await errand.handle.signal('go', { fails: 2 });
    await errand.ended();
    const events = await errand.history();
    expect(summaries(events, 'ACTIVITY_TASK_SCHEDULED')).toEqual(['fetch']);
    expect(kindsOf(events).filter((kind) => kind.startsWith('ACTIVITY_TASK'))).toEqual([
      'ACTIVITY_TASK_SCHEDULED',
      'ACTIVITY_TASK_STARTED',
      'ACTIVITY_TASK_COMPLETED',
    ]);
  });

  describe('that tells another errand to go', () => {
    const deps = () => ({
      ...{ database: world.database, kernel: world.kernel, lives: world.lives, log: world.log },
    });
    const owed = (ticket: LivingTicket) =>
      world.rows('select id, name, payload from engine_outbox where ticket_id = $1 and name = $2', [
        ticket.id,
        'fact',
      ]);
    /** What a sweeper would do now, without its pauses. */
    const sweep = async () => {
      await world.rows(`update engine_outbox set lease_until = null, next_at = now()`);
      await sweepOutbox(deps());
    };

    it('is heard once, though the message is sent twice', async () => {
      const [from, to] = [await begin(), await begin()];
      await from.give('pass', { to: to.id });
      const [row] = await owed(to);
      const payload = { ...(row?.['payload'] as object), ticketId: to.id };
      await sweep();
      await to.handle.signal('fact', payload);
      const [went] = await to.hears('went');
      expect(went).toMatchObject({ cause: row?.['id'], via: 'api', actor: { name: 'Holdfast' } });
      await to.hears('fetched');
      await sweep();
      expect(await owed(to)).toEqual([]);
      expect(await types(to)).toEqual(['opened', 'went', 'fetched']);
      expect(await to.refusals()).toEqual([]);
    });

    it('is not heard again after the message left the outbox', async () => {
      const [from, to] = [await begin(), await begin()];
      await from.give('pass', { to: to.id });
      const [row] = await owed(to);
      await world.rows('update engine_outbox set payload = payload || $2 where ticket_id = $1', [
        to.id,
        { name: 'commented', input: { body: 'From afar.', isPublic: true } },
      ]);
      const payload = { ...(row?.['payload'] as object), name: 'commented', ticketId: to.id };
      await sweep();
      await to.hears('commented');
      await sweep();
      expect(await owed(to)).toEqual([]);
      await to.handle.signal('fact', payload);
      await to.give('nudge');
      expect(await types(to)).toEqual(['opened', 'commented', 'nudged']);
      expect(await to.refusals()).toEqual([]);
    });

    it('is heard by an errand that does not live, which begins to', async () => {
      const [from, to] = [await begin(), await begin()];
      await to.handle.terminate('by hand');
      await from.give('pass', { to: to.id });
      await sweep();
      await to.hears('fetched');
      expect(await types(to)).toEqual(['opened', 'went', 'fetched']);
    });
  });
});

describe('work whose worker dies in between', () => {
  let world: World;
  const attempts = new Map<string, number>();
  const dead: (() => void)[] = [];

  beforeAll(async () => {
    world = await openWorld({
      processes: [errandProcess],
      works: {
        fetch: async (_, { ticketId }) => {
          const count = (attempts.get(ticketId) ?? 0) + 1;
          attempts.set(ticketId, count);
          // The engine cannot tell an attempt that never answers from one that died with its worker.
          if (count === 1) await new Promise<void>((resolve) => dead.push(resolve));
          return 'fetched';
        },
      },
    });
  });
  afterAll(async () => {
    for (const release of dead) release();
    await world.close();
  });

  async function begun() {
    const errand = await beginLife(world, { type: 'errand', by: 'agent' });
    await errand.handle.signal('go', { fails: 0 });
    await eventually('a first attempt', () => Promise.resolve(attempts.get(errand.id)));
    expect((await errand.row()).work).toMatchObject([{ key: 'fetch', attempts: 1 }]);
    return errand;
  }

  it('is tried again when the time of the attempt is over', async () => {
    const errand = await begun();
    await errand.hears('fetched');
    expect(await errand.row()).toMatchObject({ state: 'done', details: { attempts: 2 } });
  });

  it('goes on in another life with the attempts that the row has counted', async () => {
    const errand = await begun();
    await errand.handle.terminate('by hand');
    const living = await world.lives.find(world.organizationId, errand.id);
    if (!living) throw new Error('The errand is gone');
    await world.lives.start(living);
    await errand.hears('fetched');
    expect(await errand.row()).toMatchObject({ state: 'done', details: { attempts: 2 } });
  });
});
