import { watchRound } from './watchdog';

describe('a round of the watchdog', () => {
  it('does not look while the worker is younger than the grace of a deadline', async () => {
    let looks = 0;
    const look = () => Promise.resolve((looks += 1));
    expect(await watchRound(look, 59)).toBe(false);
    expect(looks).toBe(0);
    await watchRound(look, 60);
    expect(looks).toBe(1);
  });

  it('is followed by the next at once as long as there may be more', async () => {
    expect(await watchRound(() => Promise.resolve(100), 60)).toBe(true);
    expect(await watchRound(() => Promise.resolve(99), 60)).toBe(false);
  });
});
