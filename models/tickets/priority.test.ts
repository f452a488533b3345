import { defaultPriorityMatrix, priorityOf } from './priority';

describe('the priority', () => {
  it.each([
    ['high', 'high', 'P1'],
    ['high', 'medium', 'P2'],
    ['high', 'low', 'P3'],
    ['medium', 'high', 'P2'],
    ['medium', 'medium', 'P3'],
    ['medium', 'low', 'P4'],
    ['low', 'high', 'P3'],
    ['low', 'medium', 'P4'],
    ['low', 'low', 'P5'],
  ] as const)('of impact %s and urgency %s is %s', (impact, urgency, priority) => {
    expect(priorityOf(defaultPriorityMatrix, impact, urgency)).toBe(priority);
  });
});
