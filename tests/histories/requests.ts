/** Lives of requests and their tasks whose histories are recorded. */
import { beginRequest, publishItem, taskOf } from '../catalog';
import { becomes, roundOf } from '../life/rounds';
import { aPlan, automatic, byHand, byManager } from '../requests';
import type { Stage } from './stage';

const day = 86_400;

async function begun(world: Stage['world']) {
  const fulfilment = aPlan([
    automatic('account'),
    byHand('desk', { after: ['account'], undo: { title: 'Clear it', description: '' } }),
    automatic('phone', { after: ['desk'], notBeforeDays: 3 }),
    automatic('licence', { after: ['phone'], activity: 'never', attempts: 1 }),
  ]);
  const item = await publishItem(world, `Bundle ${Date.now()}`, {
    fulfilment,
    approval: byManager,
  });
  return beginRequest(world, item);
}

export const requests: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
  /** Asked, approved, tasks of both kinds, a day to wait for, a failure, everything undone. */
  'request-undone': async ({ world }) => {
    const request = await begun(world);
    await becomes(request, 'awaitingApproval');
    await (await roundOf(world, request)).answer('approve', 'manager');
    await request.hears('taskDone');
    await (await taskOf(world, request, 'desk')).give('complete');
    await request.hears('taskDone', 2);
    await request.give('hold', { reason: 'vendor' });
    await request.give('resume');
    await request.skip(3 * day);
    await request.hears('taskUndone');
    const [undoing] = [await taskOf(world, request, 'desk')];
    await undoing.give('complete');
    await becomes(request, 'cancelled');
    await request.ended();
    return request.workflowId;
  },

  /** Taken, reminded of twice, done with a word. */
  'task-usual': async ({ world }) => {
    const fulfilment = aPlan([byHand('desk', { dueDays: 1, outcomes: ['new', 'old'] })]);
    const item = await publishItem(world, `Desk ${Date.now()}`, { fulfilment });
    const request = await beginRequest(world, item);
    const task = await taskOf(world, request, 'desk');
    await task.give('start');
    await task.skip(4 * day);
    await task.hears('overdue', 2);
    await task.give('complete', { outcome: 'old' });
    await task.ended();
    return task.workflowId;
  },
};
