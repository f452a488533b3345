import { createRateLimiter, rateHeaders, type RateStore } from './rate-limit';

const limit = { name: 'actor', quota: 100, windowSeconds: 60 };

/** What PostgreSQL does, for one window. */
function countingStore() {
  const totals = new Map<string, number>();
  const asked: number[] = [];
  const store: RateStore = {
    take: (key, _windowSeconds, amount) => {
      const total = (totals.get(key) ?? 0) + amount;
      totals.set(key, total);
      asked.push(amount);
      return Promise.resolve(total);
    },
  };
  return { store, asked, totals };
}

async function takeMany(limiter: ReturnType<typeof createRateLimiter>, times: number) {
  const standings = await Promise.all(
    Array.from({ length: times }, () => limiter.take(limit, 'anna')),
  );
  return standings.filter((standing) => standing.allowed).length;
}

describe('a rate limit', () => {
  it('admits exactly its quota to one process, and asks the database once for each twentieth', async () => {
    const { store, asked } = countingStore();
    const limiter = createRateLimiter(store, () => 0);
    expect(await takeMany(limiter, 150)).toBe(100);
    expect(asked).toEqual([...Array<number>(20).fill(5)]);
  });

  it('asks nothing more once it is used up', async () => {
    const { store, asked } = countingStore();
    const limiter = createRateLimiter(store, () => 0);
    await takeMany(limiter, 100);
    const before = asked.length;
    expect(await takeMany(limiter, 50)).toBe(0);
    expect(asked).toHaveLength(before);
  });

  it('is shared: several processes together never admit more', async () => {
    const { store } = countingStore();
    const processes = Array.from({ length: 3 }, () => createRateLimiter(store, () => 0));
    const admitted = await Promise.all(processes.map((limiter) => takeMany(limiter, 90)));
    expect(admitted.reduce((sum, count) => sum + count)).toBe(100);
  });

  it('counts each caller by itself', async () => {
    const { store } = countingStore();
    const limiter = createRateLimiter(store, () => 0);
    await takeMany(limiter, 100);
    expect((await limiter.take(limit, 'anna')).allowed).toBe(false);
    expect((await limiter.take(limit, 'ben')).allowed).toBe(true);
  });

  it('begins anew with the next window', async () => {
    const { store, totals } = countingStore();
    let now = 0;
    const limiter = createRateLimiter(store, () => now);
    await takeMany(limiter, 100);
    now = 60_000;
    totals.clear();
    expect((await limiter.take(limit, 'anna')).allowed).toBe(true);
  });

  it('lets the next request try again when the database did not answer', async () => {
    const { store } = countingStore();
    let isAway = true;
    const limiter = createRateLimiter({
      take: (...asked) => (isAway ? Promise.reject(new Error('away')) : store.take(...asked)),
    });
    await expect(limiter.take(limit, 'anna')).rejects.toThrow('away');
    isAway = false;
    expect((await limiter.take(limit, 'anna')).allowed).toBe(true);
  });

  it('says in headers what is left and until when', async () => {
    const limiter = createRateLimiter(countingStore().store, () => 18_000);
    expect(rateHeaders(await limiter.take(limit, 'anna'))).toEqual({
      'RateLimit-Policy': '"actor";q=100;w=60',
      RateLimit: '"actor";r=99;t=42',
    });
  });
});
