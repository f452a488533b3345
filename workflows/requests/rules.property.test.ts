import fc from 'fast-check';
import { Refusal } from '../../models/errors';
import type { Fact } from '../../models/tickets/fact';
import type { PlannedTask } from '../../models/fulfilment/shape';
import { aFact, goOn, later, type Told } from '../../tests/factories';
import {
  after,
  anItem,
  aPlan,
  automatic,
  byHand,
  contextOf,
  detailsOf,
} from '../../tests/requests';
import { handled, worked } from '../../tests/requests';

/** What happens next; `dice` chooses among the tasks to which it can happen. */
interface Move {
  readonly what: 'done' | 'failed' | 'hold' | 'resume' | 'retry' | 'skip' | 'cancel';
  readonly dice: number;
}

const often: readonly Move['what'][] = [
  ...(['done', 'done', 'done', 'done', 'failed'] as const),
  ...(['hold', 'resume', 'retry', 'skip', 'cancel'] as const),
];

const moves = fc.array(
  fc.record({
    what: fc.constantFrom(...often),
    dice: fc.nat({ max: 7 }),
  }),
  { maxLength: 25 },
);

const plans = fc
  .tuple(
    fc.array(
      fc.record({
        isByHand: fc.boolean(),
        after: fc.array(fc.nat({ max: 7 }), { maxLength: 2 }),
        canUndo: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    fc.constantFrom<('undo' | 'ask')[]>('undo', 'ask'),
  )
  .map(([tasks, onFailure]) =>
    aPlan(
      tasks.map(({ isByHand, after: before, canUndo }, n): PlannedTask => {
        const order = { after: [...new Set(before.filter((k) => k < n))].map((k) => `t${k}`) };
        if (!isByHand) return automatic(`t${n}`, { ...order, ...(canUndo ? {} : { undo: null }) });
        return byHand(`t${n}`, {
          ...order,
          undo: canUndo ? { title: 'Undo', description: '' } : null,
        });
      }),
      { onFailure },
    ),
  );

const at = { occurredAt: later({ hours: 1 }) };

function factOf(told: Told, { what, dice }: Move): Fact | undefined {
  const { stuck } = detailsOf(told);
  switch (what) {
    case 'done':
    case 'failed':
      return endOf(told, what === 'done', dice);
    case 'hold':
      return aFact('hold', { reason: 'vendor' }, at);
    case 'retry':
      return aFact('retryTask', { task: chosen(stuck, dice)?.task ?? 't0' }, at);
    case 'skip':
      return aFact('skipTask', { task: `t${dice}`, reason: 'x' }, at);
    case 'resume':
      return aFact('resume', {}, at);
    case 'cancel':
      return aFact('cancel', { reason: 'x' }, at);
  }
}

/** One of those that are at work comes to its end. */
function endOf(told: Told, isDone: boolean, dice: number): Fact | undefined {
  const { tasks } = detailsOf(told);
  const busy = tasks.filter(({ state }) => state === 'running' || state === 'undoing');
  const one = chosen(busy, dice);
  if (!one) return undefined;
  if (one.kind === 'manual') return { ...handled(told, one.key, isDone), ...at };
  const key = `${one.state === 'undoing' ? 'undo' : 'task'}.${one.key}`;
  return { ...worked(told, key, isDone ? { id: one.key } : { error: 'no' }), ...at };
}

function chosen<T>(all: readonly T[], dice: number): T | undefined {
  return all[dice % Math.max(1, all.length)];
}

/** What is refused changes nothing. */
function lived(plan: ReturnType<typeof aPlan>, told: readonly Move[]): Told {
  const about = { item: anItem({ fulfilment: plan }) };
  return told.reduce<Told>(
    (so, move) => {
      const fact = factOf(so, move);
      if (!fact) return so;
      try {
        return goOn(so, [fact], contextOf(about));
      } catch (error) {
        if (error instanceof Refusal) return so;
        throw error;
      }
    },
    after(about, []),
  );
}

const linesOf = (told: Told, type: string) =>
  told.happenings
    .flatMap(({ events }) => events)
    .filter((event) => event.type === type)
    .map(({ data }) => String(data['task']));

describe('whatever happens to a request', () => {
  it('what was undone was done before, each once, and the last first', () => {
    fc.assert(
      fc.property(plans, moves, (plan, story) => {
        const told = lived(plan, story);
        const done = linesOf(told, 'taskDone');
        const undone = linesOf(told, 'taskUndone');
        expect(new Set(undone).size).toBe(undone.length);
        expect(undone).toEqual(done.filter((key) => undone.includes(key)).reverse());
      }),
      { numRuns: 300 },
    );
  });

  it('it owes work for exactly the tasks of machines that run or are being undone', () => {
    fc.assert(
      fc.property(plans, moves, (plan, story) => {
        const told = lived(plan, story);
        const wanted = detailsOf(told).tasks.flatMap(({ key, kind, state }) => {
          if (kind !== 'automatic') return [];
          if (state === 'running') return [`task.${key}`];
          return state === 'undoing' ? [`undo.${key}`] : [];
        });
        expect(told.ticket.work.map(({ key }) => key).sort()).toEqual(wanted.sort());
      }),
      { numRuns: 300 },
    );
  });

  it('it is over only when nothing runs, and cancelled only when nothing is left to undo', () => {
    fc.assert(
      fc.property(plans, moves, (plan, story) => {
        const told = lived(plan, story);
        const { tasks, stuck, undoing } = detailsOf(told);
        const { state } = told.ticket;
        if (state === 'fulfilled')
          expect(tasks.every((task) => ['done', 'skipped'].includes(task.state))).toBe(true);
        if (state !== 'cancelled') return;
        expect(undoing === null ? [] : stuck).toEqual([]);
        const undoable = new Set(plan.tasks.flatMap(({ key, undo }) => (undo ? [key] : [])));
        const left = tasks.filter(
          ({ key, state: is }) =>
            is === 'running' || is === 'undoing' || (is === 'done' && undoable.has(key)),
        );
        expect(left).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('it is never stuck for ever: somebody at work, a person asked, held, or over', () => {
    fc.assert(
      fc.property(plans, moves, (plan, story) => {
        const told = lived(plan, story);
        const { tasks, stuck } = detailsOf(told);
        const isBusy = tasks.some(({ state }) => state === 'running' || state === 'undoing');
        const { state } = told.ticket;
        expect(isBusy || stuck.length > 0 || state !== 'inFulfilment').toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
