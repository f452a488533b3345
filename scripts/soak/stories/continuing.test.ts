import { temporal } from '@temporalio/proto';
import { readRun } from './continuing';

const types = temporal.api.enums.v1.EventType;
const of = (...names: (keyof typeof types)[]) => names.map((name) => ({ eventType: types[name] }));
const task = of('EVENT_TYPE_WORKFLOW_TASK_SCHEDULED', 'EVENT_TYPE_WORKFLOW_TASK_STARTED');
const done = of('EVENT_TYPE_WORKFLOW_TASK_COMPLETED');
const signal = of('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED');
const leaving = [
  {
    eventType: types.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
    workflowExecutionContinuedAsNewEventAttributes: { newExecutionRunId: 'next' },
  },
];

describe('a run that continued as new', () => {
  it('had a signal in its last task when one came after the task before', () => {
    expect(readRun([...task, ...done, ...signal, ...task, ...done, ...leaving])).toEqual({
      next: 'next',
      hasSignal: true,
      refusals: 0,
    });
  });

  it('had none when it came with an earlier task', () => {
    const run = readRun([...signal, ...task, ...done, ...task, ...done, ...leaving]);
    expect(run).toMatchObject({ next: 'next', hasSignal: false });
  });

  it('is not over as long as it does not say what follows', () => {
    expect(readRun([...task, ...signal]).next).toBeUndefined();
  });
});
