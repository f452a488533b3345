import { fullDeadlines, quickDeadlines, scheduleOf } from './sizes';

describe.each([
  ['full', fullDeadlines],
  ['quick', quickDeadlines],
])('the schedule of the %s measurement', (_, sizes) => {
  const { spreadTarget, outageTarget } = scheduleOf(sizes);
  const { spreadSeconds, restMs } = sizes;

  it('has whole seconds at each step of the standard ladder', () => {
    expect(spreadTarget % 4).toBe(0);
    expect(outageTarget % 4).toBe(0);
  });

  it('leaves a time in which nothing is due once all are open', () => {
    expect(spreadTarget * 0.75).toBeGreaterThan(spreadSeconds + restMs / 1000);
  });

  it('keeps warnings, breaches and escalations of the stream apart', () => {
    expect(spreadTarget * 0.25).toBeGreaterThan(spreadSeconds);
  });

  it('begins the ladder of the outage when the breaches of the stream are over', () => {
    expect(spreadSeconds + outageTarget * 0.75).toBeGreaterThan(spreadSeconds + spreadTarget);
  });
});
