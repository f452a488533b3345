import { setTimeout as pause } from 'node:timers/promises';
import { drive, type Request } from './drive';

describe('a load', () => {
  it('keeps so many requests under way, and no more', async () => {
    let running = 0;
    let most = 0;
    const request: Request = async () => {
      most = Math.max(most, (running += 1));
      await pause(2);
      running -= 1;
      return undefined;
    };
    const load = { atOnce: 3, milliseconds: Infinity, atMost: 12, next: () => request };
    const { latencies } = await drive(load);
    expect(latencies).toHaveLength(12);
    expect(most).toBe(3);
  });

  it('ends when its time is over, with the answers to what was asked before', async () => {
    const request = async () => {
      await pause(20);
      return undefined;
    };
    const { latencies, elapsedMs } = await drive({
      atOnce: 1,
      milliseconds: 30,
      next: () => request,
    });
    // The last one was asked before the time was over, and answered after it.
    expect(elapsedMs).toBeGreaterThanOrEqual(30);
    expect(latencies.length).toBeGreaterThanOrEqual(1);
    expect(latencies.length).toBeLessThanOrEqual(2);
  });

  it('ends when there is nothing left to ask', async () => {
    const left: Request[] = [() => Promise.resolve(undefined)];
    const load = { atOnce: 4, milliseconds: Infinity, next: () => left.pop() };
    expect((await drive(load)).latencies).toHaveLength(1);
  });

  it('counts what went wrong, and does not time it', async () => {
    const answers = ['503 unavailable', undefined];
    const next = () => () => Promise.resolve(answers.shift());
    const driven = await drive({ atOnce: 1, milliseconds: Infinity, atMost: 2, next });
    expect(driven.errors).toEqual(['503 unavailable']);
    expect(driven.latencies).toHaveLength(1);
  });
});
