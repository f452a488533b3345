import { pino } from 'pino';
import { Refusal, type ErrorCode } from '../../models/errors';
import type { Answer } from './output/answer';
import {
  answerOnce,
  commandIdOf,
  idempotencyKeyOf,
  requestHashOf,
  type Claim,
  type IdempotencyStore,
  type Receipt,
} from './idempotency';

const claim: Claim = {
  organizationId: 'o',
  actorId: 'a',
  key: 'k',
  requestHash: 'h',
  commandId: 'c',
};
const receivedAt = '2026-11-23T10:00:00.000Z';
const done: Answer = { status: 200, headers: { ETag: '"2"' }, text: '{"ok":true}' };

/** One key, as the table holds it; leases end when told. */
function oneKey() {
  let state: Receipt | undefined;
  const store: IdempotencyStore = {
    begin: () => {
      const found = state ?? { kind: 'ours', receivedAt };
      if (found.kind === 'ours') state = { kind: 'running', retryAfterSeconds: 15 };
      return Promise.resolve(found);
    },
    keep: (_, answer) => {
      state = { kind: 'answered', answer };
      return Promise.resolve();
    },
    release: () => {
      state = undefined;
      return Promise.resolve();
    },
  };
  return { store };
}

function repeatable(store: IdempotencyStore) {
  return {
    store,
    claim,
    log: pino({ level: 'silent' }),
    present: (refusal: Refusal): Answer => {
      const statuses: Partial<Record<ErrorCode, number>> = { rate_limited: 429, rule_failed: 500 };
      return { status: statuses[refusal.code] ?? 409, headers: {}, text: refusal.code };
    },
  };
}

/** What a piece of work throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a request with an Idempotency-Key', () => {
  it('is done once; the repeat gets the same answer and is told so', async () => {
    const { store } = oneKey();
    const work = jest.fn(() => Promise.resolve(done));
    expect(await answerOnce(repeatable(store), work)).toEqual(done);
    expect(await answerOnce(repeatable(store), work)).toEqual({
      ...done,
      headers: { ETag: '"2"', 'Idempotency-Replayed': 'true' },
    });
    expect(work).toHaveBeenCalledTimes(1);
    expect(work).toHaveBeenCalledWith(receivedAt);
  });

  it('is told to wait while the same one runs', async () => {
    const { store } = oneKey();
    const running = answerOnce(repeatable(store), () => new Promise(() => undefined));
    void running;
    await expect(answerOnce(repeatable(store), () => Promise.resolve(done))).rejects.toMatchObject({
      code: 'idempotency_in_progress',
      details: { retryAfterSeconds: 15 },
    });
  });

  it('is refused when the key belongs to another request', async () => {
    const store = {
      ...oneKey().store,
      begin: () => Promise.resolve({ kind: 'mismatch' as const }),
    };
    await expect(answerOnce(repeatable(store), () => Promise.resolve(done))).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });

  it('keeps a refusal: the repeat is refused in the same words', async () => {
    const { store } = oneKey();
    const refused = () => Promise.reject(new Refusal('conflict', 'No.'));
    await expect(answerOnce(repeatable(store), refused)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await answerOnce(repeatable(store), () => Promise.resolve(done))).toMatchObject({
      status: 409,
      text: 'conflict',
    });
  });

  it.each<[string, () => Promise<Answer>]>([
    ['not decided yet', () => Promise.resolve({ ...done, status: 202 })],
    ['too many requests', () => Promise.reject(new Refusal('rate_limited', ''))],
    ['a rule that failed', () => Promise.reject(new Refusal('rule_failed', ''))],
    ['an outage', () => Promise.reject(new Error('connection lost'))],
  ])('is done again after %s', async (_, first) => {
    const { store } = oneKey();
    await answerOnce(repeatable(store), first).catch(() => undefined);
    expect(await answerOnce(repeatable(store), () => Promise.resolve(done))).toEqual(done);
  });

  it('is answered even when the answer cannot be kept', async () => {
    const store = { ...oneKey().store, keep: () => Promise.reject(new Error('away')) };
    expect(await answerOnce(repeatable(store), () => Promise.resolve(done))).toEqual(done);
  });
});

describe('the identity of a request', () => {
  const actor = {
    id: '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11',
    organizationId: '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c99',
  };

  it('is the same for the same key of the same person, and another for every other', () => {
    expect(commandIdOf(actor, 'k')).toBe(commandIdOf({ ...actor }, 'k'));
    expect(commandIdOf(actor, 'k')).not.toBe(commandIdOf(actor, 'l'));
    expect(commandIdOf(actor, 'k')).not.toBe(
      commandIdOf({ ...actor, id: actor.organizationId }, 'k'),
    );
    expect(commandIdOf(actor, 'k')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  it('does not depend on the order of members, but on everything else', () => {
    const hash = (body: unknown, url = '/x') => requestHashOf('POST', url, body);
    expect(hash({ a: 1, b: { c: [1, 2], d: 3 } })).toBe(hash({ b: { d: 3, c: [1, 2] }, a: 1 }));
    expect(hash({ a: [1, 2] })).not.toBe(hash({ a: [2, 1] }));
    expect(hash({ a: 1 })).not.toBe(hash({ a: '1' }));
    expect(hash({})).not.toBe(hash([]));
    expect(hash({}, '/x')).not.toBe(hash({}, '/y'));
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(256), 'a\tb'])('refuses the key %j', (key) => {
    expect(thrownBy(() => idempotencyKeyOf(key))).toMatchObject({ code: 'invalid_request' });
  });

  it('takes 1 to 255 visible characters, or none at all', () => {
    expect(idempotencyKeyOf('x'.repeat(255))).toHaveLength(255);
    expect(idempotencyKeyOf('!~')).toBe('!~');
    expect(idempotencyKeyOf(undefined)).toBeUndefined();
  });
});
