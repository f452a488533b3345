import fc from 'fast-check';
import {
  changed,
  freshTasks,
  isComplete,
  nextPlace,
  nextToUndo,
  progressOf,
  turnOf,
} from './progress';
import type { TaskProgress } from './progress';
import type { AutomaticTask, Plan, PlannedTask } from './shape';

const at = '2026-11-02T08:00:00.000Z';

function aTask(key: string, more: Partial<Omit<AutomaticTask, 'kind'>> = {}): AutomaticTask {
  return {
    ...{ key, title: key, kind: 'automatic', after: [], when: null, notBeforeDays: null },
    ...{ activity: 'act', input: {}, attempts: 1, undo: { activity: 'undo', input: {} } },
    ...more,
  };
}

function aPlan(...tasks: PlannedTask[]): Plan {
  return { tasks, startDay: null, onFailure: 'undo' };
}

const look = { at, holds: (when: string) => when === 'yes', opensAt: () => at };

describe('a turn of a plan', () => {
  it('begins everything before which nothing comes, and what comes after it when that is done', () => {
    const plan = aPlan(aTask('a'), aTask('b'), aTask('c', { after: ['a', 'b'] }));
    const keys = (tasks: readonly TaskProgress[]) =>
      turnOf(plan, tasks, look).begin.map(({ key }) => key);
    const fresh = freshTasks(plan);
    expect(keys(fresh)).toEqual(['a', 'b']);
    const one = changed(changed(fresh, 'a', { state: 'done' }), 'b', { state: 'running' });
    expect(keys(one)).toEqual([]);
    expect(keys(changed(one, 'b', { state: 'done' }))).toEqual(['c']);
  });

  it('skips what is not wanted, along a whole row, and goes on behind it', () => {
    const plan = aPlan(
      aTask('a', { when: 'no' }),
      aTask('b', { when: 'no', after: ['a'] }),
      aTask('c', { when: 'yes', after: ['b'] }),
    );
    const turn = turnOf(plan, freshTasks(plan), look);
    expect(turn.tasks.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'waiting']);
    expect(turn.begin.map(({ key }) => key)).toEqual(['c']);
  });

  it('lets wait what has its day ahead', () => {
    const plan = aPlan(aTask('a', { notBeforeDays: 3 }));
    const until = '2026-11-05T00:00:00.000Z';
    const turn = turnOf(plan, freshTasks(plan), { ...look, opensAt: () => until });
    expect(turn.begin).toEqual([]);
    expect(turn.wait).toMatchObject([{ task: { key: 'a' }, until }]);
  });

  it('does not go on behind what has failed', () => {
    const plan = aPlan(aTask('a'), aTask('b', { after: ['a'] }));
    const failed = changed(freshTasks(plan), 'a', { state: 'failed' });
    expect(turnOf(plan, failed, look).begin).toEqual([]);
    expect(isComplete(failed)).toBe(false);
  });
});

/** Plans in which a task comes after some of those before it, some with nothing to undo. */
const plans = fc
  .array(
    fc.record({
      after: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
      when: fc.constantFrom(null, 'yes', 'no'),
      canUndo: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) =>
    aPlan(
      ...all.map(({ after, when, canUndo }, n) =>
        aTask(`t${n}`, {
          after: [...new Set(after.filter((one) => one < n))].map((one) => `t${one}`),
          when,
          ...(canUndo ? {} : { undo: null }),
        }),
      ),
    ),
  );

/** Runs a plan, ending one running task at a time, chosen by `dice`, until `stop` of them are done. */
function run(plan: Plan, dice: readonly number[], stop: number) {
  let tasks: readonly TaskProgress[] = freshTasks(plan);
  const ended: string[] = [];
  for (let n = 0; n < stop; n += 1) {
    const turn = turnOf(plan, tasks, look);
    tasks = turn.begin.reduce(
      (all, { key }) => changed(all, key, { state: 'running' }),
      turn.tasks,
    );
    const running = tasks.filter(({ state }) => state === 'running');
    const chosen = running[(dice[n] ?? 0) % Math.max(1, running.length)];
    if (!chosen) break;
    ended.push(chosen.key);
    tasks = changed(tasks, chosen.key, { state: 'done', place: nextPlace(tasks) });
  }
  return { tasks: turnOf(plan, tasks, look).tasks, ended };
}

const dice = fc.array(fc.nat({ max: 11 }), { minLength: 12, maxLength: 12 });

describe('any plan', () => {
  it('comes to its end, each task after those that come before it', () => {
    fc.assert(
      fc.property(plans, dice, (plan, rolls) => {
        const { tasks, ended } = run(plan, rolls, plan.tasks.length);
        expect(isComplete(tasks)).toBe(true);
        for (const { key, after } of plan.tasks) {
          const mine = ended.indexOf(key);
          if (mine < 0) continue;
          for (const one of after) expect(ended.indexOf(one)).toBeLessThan(mine);
        }
      }),
    );
  });

  it('is undone in exactly the opposite order, each task once, and only what can be undone', () => {
    fc.assert(
      fc.property(plans, dice, fc.nat({ max: 12 }), (plan, rolls, stop) => {
        const { tasks: left, ended } = run(plan, rolls, stop);
        let tasks: readonly TaskProgress[] = left.map((task) =>
          task.state === 'running' ? { ...task, state: 'skipped' } : task,
        );
        const undone: string[] = [];
        for (;;) {
          const task = nextToUndo(plan, tasks);
          if (task === undefined) break;
          if (task === 'wait') throw new Error('nothing runs');
          undone.push(task.key);
          tasks = changed(tasks, task.key, { state: 'undone' });
        }
        const could = ended.filter((key) => plan.tasks.some((one) => one.key === key && one.undo));
        expect(undone).toEqual(could.reverse());
      }),
    );
  });

  it('undoes nothing while something runs that may be done after all', () => {
    const plan = aPlan(aTask('a'), aTask('b'));
    const done = changed(freshTasks(plan), 'a', { state: 'done', place: 1 });
    expect(nextToUndo(plan, changed(done, 'b', { state: 'running' }))).toBe('wait');
    expect(progressOf(done, 'b').state).toBe('waiting');
  });
});
