import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { matrixOf } from './blueprint';
import { castOf } from './cast';
import type { Call, Decision, Door } from './door';
import { Tally } from './figures';
import { incidents } from './incidents';
import { replay } from './run';
import { readLog } from './uci/log-row';

const rows = readLog(readFileSync(join(__dirname, 'uci', 'fixtures', 'small.csv'), 'utf8'));
const cast = castOf('replay');
const matrix = matrixOf(rows);

interface Present {
  state: string;
  assignee: { id: string } | null;
  hold: { reason: string } | null;
  priorityOverride: { priority: string } | null;
}

/** The part of our process that the made-up log uses; slow and uneven, to tempt rows out of order. */
function pretended(refuse: (call: Call) => boolean = () => false) {
  const calls: Call[] = [];
  const tickets = new Map<string, Present>();
  const underWay = new Set<string>();
  const door: Door = {
    figures: {
      latencies: new Map(),
      refusals: new Tally(),
      repeats: new Tally(),
      replayed: new Tally(),
    },
    read: () => Promise.reject(new Error('Nothing is read here')),
    say: async (call): Promise<Decision> => {
      const ticket = call.key.split('/')[1] ?? '';
      if (underWay.has(ticket)) throw new Error(`Two commands at once for ${ticket}`);
      underWay.add(ticket);
      calls.push(call);
      await pause((calls.length * 7) % 5);
      underWay.delete(ticket);
      if (refuse(call)) return { isApplied: false, code: 'invalid_transition', detail: '' };
      const next = after(tickets.get(ticket), call);
      tickets.set(ticket, next);
      const id = '0197d9f5-0000-7000-8000-00000000000a';
      return { isApplied: true, body: { id, number: ticket, ...next } };
    },
  };
  return { door, calls, tickets };
}

interface Given {
  readonly assigneeId?: string | null;
  readonly reason?: string;
  readonly override?: string | null;
}

const reference = (id: string | null | undefined) => (typeof id === 'string' ? { id } : null);
const taken = (present: Present) => ({ assignee: present.assignee ?? { id: 'me' } });

const rulesOfPretence: Record<string, (present: Present, given: Given) => Partial<Present>> = {
  start: (present) => ({ state: 'inProgress', ...taken(present) }),
  hold: (_, { reason = '' }) => ({ state: 'onHold', hold: { reason } }),
  resume: () => ({ state: 'assigned', hold: null }),
  resolve: (present) => ({ state: 'resolved', hold: null, ...taken(present) }),
  reopen: ({ assignee }) => ({ state: assignee ? 'inProgress' : 'assigned' }),
  close: () => ({ state: 'closed' }),
  cancel: () => ({ state: 'cancelled' }),
  assign: ({ state }, { assigneeId }) => ({
    state: state === 'new' ? 'assigned' : state,
    assignee: reference(assigneeId),
  }),
  prioritize: (_, { override }) => ({
    priorityOverride: typeof override === 'string' ? { priority: override } : null,
  }),
};

function after(present: Present | undefined, { kind, body }: Call): Present {
  const before = present ?? { state: 'new', assignee: null, hold: null, priorityOverride: null };
  return { ...before, ...rulesOfPretence[kind]?.(before, body as Given) };
}

const run = (door: Door, concurrency: number) =>
  replay(rows, {
    play: { door, cast, matrix, telling: incidents },
    concurrency,
    journal: undefined,
    onRow: () => undefined,
  });

describe('a replay', () => {
  it.each([1, 8])('brings every ticket to its end, %d rows at once', async (concurrency) => {
    const { door, tickets } = pretended();
    await run(door, concurrency);
    expect(Object.fromEntries([...tickets].map(([name, { state }]) => [name, state]))).toEqual({
      INC0009001: 'closed',
      INC0009002: 'closed',
      INC0009003: 'cancelled',
    });
  });

  it('explains every row', async () => {
    const { door } = pretended();
    const { tales } = await run(door, 4);
    const of = (ticket: string) =>
      tales
        .filter((tale) => tale.ticket === ticket)
        .map(({ fate, why }) => `${fate} ${why}`.trim());
    expect(of('INC0009001')).toEqual(['applied', 'applied', 'applied', 'applied', 'applied']);
    expect(of('INC0009002')).toEqual([
      'bridged (begins) → Awaiting User Info: open, hold',
      'bridged Awaiting User Info → Active: resume, start',
      'merged incident_state, subcategory',
      'bridged Active → Closed: resolve, close',
    ]);
    expect(of('INC0009003')).toEqual([
      'applied',
      'applied',
      'bridged Resolved → New: assign, reopen, assign',
      'applied',
    ]);
  });

  it('gives each command a key of its own, made of ticket, row and count', async () => {
    const { door, calls } = pretended();
    await run(door, 4);
    const keys = calls.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toBe('replay/INC0009001/1/0');
    expect(keys).toContain('replay/INC0009003/12/2');
  });

  it('lets a manager override and agents do the rest', async () => {
    const { door, calls } = pretended();
    await run(door, 4);
    const managers = calls.filter(({ as }) => as.startsWith('manager@'));
    expect(managers.map(({ kind }) => kind)).toEqual(['prioritize', 'prioritize']);
  });

  it('goes on after a refusal and tells its code', async () => {
    const { door, tickets } = pretended(({ kind }) => kind === 'classify');
    const { tales } = await run(door, 4);
    expect(tales.filter(({ fate }) => fate === 'refused').map(({ why }) => why)).toEqual([
      'classify: invalid_transition',
    ]);
    expect(tickets.get('INC0009001')?.state).toBe('closed');
  });
});
