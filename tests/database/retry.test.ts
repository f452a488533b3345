/** Facts that a rule failed on are taken up again: real rows, real lives, rules with a bug that gets mended. */
import { z } from 'zod';
import { errandProcess } from '../errands/process';
import { eventually, openWorld, type World } from '../harness';
import { plusSeconds } from '../../models/instant';
import { next } from '../../models/tickets/next';
import type { Process } from '../../models/tickets/rules';
import {
  keptFacts,
  retryFact,
  type KeptFact,
  type Retried,
} from '../../models/tickets/kernel/retry';

let hasBug = true;
let fetched = 0;

function bug(): void {
  if (hasBug) throw new TypeError('a bug');
}

const Fuse = z.object({ inSeconds: z.number() });
const { rules } = errandProcess;
const fetchRules = rules.results['fetch'];
if (!fetchRules) throw new Error('errands fetch');

const mendable: Process = {
  ...errandProcess,
  rules: {
    ...rules,
    commands: {
      ...rules.commands,
      explode: (ticket) => {
        bug();
        return next(ticket);
      },
    },
    signals: {
      ...rules.signals,
      bomb: (ticket, { input, occurredAt }) => {
        const { inSeconds } = Fuse.parse(input);
        const at = plusSeconds(occurredAt, inSeconds);
        return next(ticket).plan({ key: 'fuse', at, what: 'A bang.' }).event('bombPlanned');
      },
    },
    agenda: {
      fuse: (ticket) => {
        bug();
        return next(ticket).event('bombWentOff');
      },
    },
    results: {
      fetch: {
        ...fetchRules,
        done: (ticket, fact, context) => {
          bug();
          return fetchRules.done(ticket, fact, context);
        },
      },
    },
  },
};

interface Ticket {
  id: string;
  number: string;
}

let world: World;
beforeAll(async () => {
  world = await openWorld({
    processes: [mendable],
    works: {
      fetch: () => {
        fetched += 1;
        return Promise.resolve('parcel');
      },
    },
  });
});
afterAll(() => world.close());
beforeEach(() => {
  hasBug = true;
  fetched = 0;
});

async function opened(): Promise<Ticket> {
  const agent = await world.as('agent');
  const answer = await agent.post('/errands', { title: 'Fetch', description: 'It' }).expect(201);
  return answer.body as Ticket;
}

const lifeOf = ({ number }: Ticket) =>
  world.engine.client.workflow.getHandle(world.workflowId(number, 'errand'));

function kept({ id }: Ticket): Promise<KeptFact[]> {
  return world.database.inOrganization(world.organizationId, (tx) => keptFacts(tx, id));
}

/** The fact that failed, once it has. */
function failure(ticket: Ticket): Promise<KeptFact> {
  return eventually('a failed fact', async () => (await kept(ticket)).at(-1));
}

function retry(ticket: Ticket, cause: string): Promise<Retried> {
  const { organizationId, database, kernel } = world;
  return retryFact(
    database,
    { organizationId, ticketId: ticket.id, type: 'errand' },
    cause,
    kernel,
  );
}

async function explode(ticket: Ticket, ifMatch?: string): Promise<KeptFact> {
  const agent = await world.as('agent');
  const sent = agent.post(`/errands/${ticket.id}/actions/explode`);
  await (ifMatch === undefined ? sent : sent.set('if-match', ifMatch)).expect(500);
  return failure(ticket);
}

function events({ id }: Ticket, type: string) {
  return world.rows(
    'select cause, version, occurred_at, actor from ticket_events where ticket_id = $1 and type = $2',
    [id, type],
  );
}

async function stateOf({ id }: Ticket) {
  const [row] = await world.rows(
    'select state, version, revision, is_settled, snapshot from tickets where id = $1',
    [id],
  );
  return row ?? {};
}

describe('a command that a rule failed on', () => {
  it('stays as it was when the rule fails still', async () => {
    const ticket = await opened();
    const { cause } = await explode(ticket);
    const before = await stateOf(ticket);
    expect(await retry(ticket, cause)).toMatchObject({ kind: 'failedAgain' });
    expect(await stateOf(ticket)).toEqual(before);
    expect(await kept(ticket)).toMatchObject([{ cause, outcome: 'failed', retriedAt: null }]);
  });

  it('is applied under its own cause, for its own actor, once', async () => {
    const ticket = await opened();
    const { cause } = await explode(ticket);
    hasBug = false;
    expect(await retry(ticket, cause)).toEqual({
      kind: 'decided',
      outcome: { kind: 'applied', version: 2 },
    });
    const actor = { name: 'agent', role: 'agent' };
    expect(await events(ticket, 'exploded')).toMatchObject([{ cause, version: 2, actor }]);
    expect(await kept(ticket)).toMatchObject([{ cause, retriedAt: expect.any(Date) as Date }]);
    await expect(retry(ticket, cause)).rejects.toMatchObject({ code: 'conflict' });
    const agent = await world.as('agent');
    await agent.post(`/errands/${ticket.id}/actions/nudge`).expect(200);
  });

  it('of two who retry at once is applied by one', async () => {
    const ticket = await opened();
    const { cause } = await explode(ticket);
    hasBug = false;
    const both = await Promise.allSettled([retry(ticket, cause), retry(ticket, cause)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await events(ticket, 'exploded')).toHaveLength(1);
  });

  it('keeps to its If-Match: applied when nothing else has changed the ticket, else refused', async () => {
    const [untouched, changed] = [await opened(), await opened()];
    const causes = [await explode(untouched, '"1"'), await explode(changed, '"1"')];
    const agent = await world.as('agent');
    await agent.post(`/errands/${changed.id}/actions/nudge`).expect(200);
    hasBug = false;
    const [first, second] = [
      await retry(untouched, causes[0]?.cause ?? ''),
      await retry(changed, causes[1]?.cause ?? ''),
    ];
    expect(first).toMatchObject({ outcome: { kind: 'applied' } });
    expect(second).toMatchObject({ outcome: { kind: 'refused', code: 'stale_version' } });
  });

  it('that is no longer possible is refused, which is its outcome from then on', async () => {
    const ticket = await opened();
    const { cause } = await explode(ticket);
    hasBug = false;
    await lifeOf(ticket).signal('go', {});
    await eventually('done', async () =>
      (await stateOf(ticket))['state'] === 'done' ? true : undefined,
    );
    expect(await retry(ticket, cause)).toMatchObject({
      outcome: { kind: 'refused', code: 'invalid_transition' },
    });
    expect(await kept(ticket)).toMatchObject([{ cause, outcome: 'refused', retriedAt: null }]);
    await expect(retry(ticket, cause)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an agenda entry that a rule failed on', () => {
  async function bombed(): Promise<{ ticket: Ticket; failed: KeptFact }> {
    const ticket = await opened();
    await lifeOf(ticket).signal('bomb', { inSeconds: 0.2 });
    return { ticket, failed: await failure(ticket) };
  }

  it('goes back on the agenda at its instant, and the life that is told handles it', async () => {
    const { ticket, failed } = await bombed();
    hasBug = false;
    const at = failed.cause.slice('fuse@'.length, failed.cause.lastIndexOf('/'));
    expect(await retry(ticket, failed.cause)).toEqual({ kind: 'planned', at });
    const owed = await world.rows('select name from engine_outbox where ticket_id = $1', [
      ticket.id,
    ]);
    expect(owed).toEqual([{ name: 'look' }]);
    await lifeOf(ticket).signal('look', {});
    const event = await eventually(
      'the bomb',
      async () => (await events(ticket, 'bombWentOff'))[0],
    );
    expect(event).toMatchObject({ cause: failed.cause, occurred_at: new Date(at) });
    expect((await stateOf(ticket))['snapshot']).toMatchObject({ agenda: [] });
  });

  it('that fails again is set aside again and can be retried again', async () => {
    const { ticket, failed } = await bombed();
    await retry(ticket, failed.cause);
    expect(await kept(ticket)).toMatchObject([{ retriedAt: expect.any(Date) as Date }]);
    await lifeOf(ticket).signal('look', {});
    await eventually('the second failure', async () =>
      (await kept(ticket))[0]?.retriedAt === null ? true : undefined,
    );
    expect((await stateOf(ticket))['snapshot']).toMatchObject({ agenda: [] });
    hasBug = false;
    await retry(ticket, failed.cause);
    await lifeOf(ticket).signal('look', {});
    await eventually('the bomb', async () => (await events(ticket, 'bombWentOff'))[0]);
  });

  it('has nothing to do any more when the ticket is closed, or when it was planned anew', async () => {
    const [closed, planned] = [await bombed(), await bombed()];
    hasBug = false;
    await lifeOf(closed.ticket).signal('go', {});
    await eventually('done', async () =>
      (await stateOf(closed.ticket))['state'] === 'done' ? true : undefined,
    );
    await lifeOf(planned.ticket).signal('bomb', { inSeconds: 3_600 });
    await eventually('planned anew', async () =>
      (await events(planned.ticket, 'bombPlanned')).length === 2 ? true : undefined,
    );
    expect(await retry(closed.ticket, closed.failed.cause)).toMatchObject({ kind: 'void' });
    const again = await retry(planned.ticket, planned.failed.cause);
    expect(again).toMatchObject({ kind: 'void' });
    const { agenda } = (await stateOf(planned.ticket))['snapshot'] as { agenda: unknown[] };
    expect(agenda).toHaveLength(1);
  });
});

describe('the result of work that a rule failed on', () => {
  it('is applied without doing the work a second time', async () => {
    const ticket = await opened();
    await lifeOf(ticket).signal('go', {});
    const { cause, name } = await failure(ticket);
    expect(name).toBe('workDone');
    hasBug = false;
    expect(await retry(ticket, cause)).toMatchObject({ outcome: { kind: 'applied' } });
    expect(await stateOf(ticket)).toMatchObject({ state: 'done', is_settled: true });
    expect(await events(ticket, 'fetched')).toMatchObject([{ cause }]);
    expect(fetched).toBe(1);
    await lifeOf(ticket).signal('look', {});
    await eventually('the life to end', async () =>
      (await lifeOf(ticket).describe()).status.name === 'COMPLETED' ? true : undefined,
    );
  });
});

it('only failed facts are retried', async () => {
  const ticket = await opened();
  await lifeOf(ticket).signal('bomb', { inSeconds: 'soon' });
  const { cause, outcome } = await failure(ticket);
  expect(outcome).toBe('refused');
  await expect(retry(ticket, cause)).rejects.toMatchObject({ code: 'conflict' });
  await expect(retry(ticket, 'no such cause')).rejects.toMatchObject({ code: 'not_found' });
});
