/** Idempotency keys for tests without a database. */
import type { IdempotencyStore, Receipt } from '../api/http/idempotency';

/** Keys in memory, by the rules of the table. */
export function keysInMemory(): IdempotencyStore {
  const kept = new Map<string, { hash: string; receipt: Receipt }>();
  return {
    begin: ({ key, requestHash }) => {
      const found = kept.get(key);
      if (found !== undefined && found.hash !== requestHash) {
        return Promise.resolve({ kind: 'mismatch' });
      }
      if (found !== undefined) return Promise.resolve(found.receipt);
      kept.set(key, { hash: requestHash, receipt: { kind: 'running', retryAfterSeconds: 9 } });
      return Promise.resolve({ kind: 'ours', receivedAt: '2026-11-23T10:00:00.000Z' });
    },
    keep: ({ key, requestHash }, answer) => {
      kept.set(key, { hash: requestHash, receipt: { kind: 'answered', answer } });
      return Promise.resolve();
    },
    release: ({ key }) => {
      kept.delete(key);
      return Promise.resolve();
    },
  };
}
