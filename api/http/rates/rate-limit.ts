/**
 * Rate limits shared by all API processes. PostgreSQL counts; each process reserves a chunk of a
 * twentieth of the limit at a time and counts within it, so that most requests cost no query.
 * The price: up to one unused chunk of each process is lost at the end of a window.
 */

export interface Limit {
  /** Named in the headers: `actor`, `login`. */
  readonly name: string;
  /** Requests in a window. */
  readonly quota: number;
  readonly windowSeconds: number;
}

export interface RateStore {
  /** Adds to the count of the present window; resolves to the total, this amount included. */
  take(key: string, windowSeconds: number, amount: number): Promise<number>;
}

export interface Standing {
  readonly allowed: boolean;
  readonly limit: Limit;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

export interface RateLimiter {
  take(limit: Limit, who: string): Promise<Standing>;
}

/** What this process holds of one window. */
interface Share {
  readonly windowAt: number;
  reserved: number;
  /** Left for everybody beyond what is reserved, when last seen. */
  beyond: number;
  pending: Promise<void> | undefined;
}

const chunksPerWindow = 20;
const mostShares = 20_000;

/** `now` is in milliseconds; only the end of a window depends on it, not the count. */
export function createRateLimiter(store: RateStore, now: () => number = Date.now): RateLimiter {
  const shares = new Map<string, Share>();

  function shareOf(key: string, windowAt: number): Share {
    const known = shares.get(key);
    if (known?.windowAt === windowAt) return known;
    if (shares.size >= mostShares) shares.clear();
    const fresh = { windowAt, reserved: 0, beyond: Infinity, pending: undefined };
    shares.set(key, fresh);
    return fresh;
  }

  async function reserve(limit: Limit, key: string, share: Share): Promise<void> {
    const chunk = Math.max(1, Math.ceil(limit.quota / chunksPerWindow));
    const total = await store.take(key, limit.windowSeconds, chunk);
    const before = total - chunk;
    share.reserved += Math.max(0, Math.min(chunk, limit.quota - before));
    share.beyond = Math.max(0, limit.quota - total);
  }

  return {
    async take(limit, who) {
      const key = `${limit.name}/${who}`;
      const windowMs = limit.windowSeconds * 1000;
      const windowAt = Math.floor(now() / windowMs) * windowMs;
      const share = shareOf(key, windowAt);
      // Requests that arrive together wait for one reservation instead of making one each.
      while (share.reserved === 0 && share.beyond > 0) {
        share.pending ??= reserve(limit, key, share).finally(() => (share.pending = undefined));
        await share.pending;
      }
      const allowed = share.reserved > 0;
      if (allowed) share.reserved -= 1;
      return {
        allowed,
        limit,
        remaining: share.reserved + share.beyond,
        resetSeconds: Math.max(1, Math.ceil((windowAt + windowMs - now()) / 1000)),
      };
    },
  };
}

/** RateLimit and RateLimit-Policy in the form of draft 8. */
export function rateHeaders({ limit, remaining, resetSeconds }: Standing): Record<string, string> {
  return {
    'RateLimit-Policy': `"${limit.name}";q=${limit.quota};w=${limit.windowSeconds}`,
    RateLimit: `"${limit.name}";r=${remaining};t=${resetSeconds}`,
  };
}
