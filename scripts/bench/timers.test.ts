import { instantsOf } from './timers';

const first = new Date('2026-01-05T09:00:00.000Z');
const afterMs = (instants: readonly Date[]) =>
  instants.map((instant) => instant.getTime() - first.getTime());

describe('instants of timers', () => {
  it('are spread evenly from the first on', () => {
    expect(afterMs(instantsOf(first, 4, 60))).toEqual([0, 15_000, 30_000, 45_000]);
  });

  it('are all the same when there is nothing to spread over', () => {
    expect(afterMs(instantsOf(first, 3, 0))).toEqual([0, 0, 0]);
  });
});
