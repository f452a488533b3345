import { z } from 'zod';
import type { AutomaticTask } from '../../fulfilment/shape';
import { activityIssues } from './activity';

const mail = { name: 'mail', input: z.strictObject({ to: z.email(), times: z.int() }) };
const given = {
  activities: (name: string) => (name === 'mail' ? mail : undefined),
  answers: ['address'],
  results: ['account'],
};
const task = (more: Partial<AutomaticTask>): AutomaticTask => ({
  ...{ kind: 'automatic', key: 'tell', title: 'x', after: [], when: null, notBeforeDays: null },
  ...{ activity: 'mail', input: { to: 'a@b.example', times: 1 }, attempts: 1, undo: null },
  ...more,
});
const wrong = (more: Partial<AutomaticTask>) =>
  activityIssues(task(more), given, '').map(({ pointer, code }) => [pointer, code]);

describe('an automatic task', () => {
  it('gives an activity what it takes', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ input: { to: 'nobody', times: 1 } })).toEqual([['/input/to', 'invalid']]);
    expect(wrong({ activity: 'launch' })).toEqual([['/activity', 'not_found']]);
  });

  it('may take what is known before it, whatever that will be', () => {
    expect(wrong({ input: { to: '{answers.address}', times: '{results.account}' } })).toEqual([]);
    expect(wrong({ input: { to: '{answers.colour}', times: '{results.tell}' } })).toEqual([
      ['/input/to', 'not_found'],
      ['/input/times', 'not_found'],
    ]);
  });

  it('is undone with what it answered itself', () => {
    const undo = (input: AutomaticTask['input']) => ({ undo: { activity: 'mail', input } });
    expect(wrong(undo({ to: '{results.tell.address}', times: 1 }))).toEqual([]);
    expect(wrong(undo({ to: '{results.other}', times: 1 }))).toEqual([
      ['/undo/input/to', 'not_found'],
    ]);
  });
});
