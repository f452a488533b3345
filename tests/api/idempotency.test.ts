import { idempotencyIn } from '../../api/http/idempotency-store';
import type { Claim, IdempotencyStore } from '../../api/http/idempotency';
import { rateStoreIn } from '../../api/http/rates/rate-store';
import { purgeExpired } from '../../models/purge';
import { openWorld, type World } from '../harness';

const acme = '0197d9f5-0000-7000-8000-00000000000a';
const globex = '0197d9f5-0000-7000-8000-00000000000b';

let world: World;
let store: IdempotencyStore;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  store = idempotencyIn(world.database);
});
afterAll(() => world.close());

let keys = 0;
function aClaim(change: Partial<Claim> = {}): Claim {
  keys += 1;
  return {
    organizationId: acme,
    actorId: globex,
    key: `key ${keys}`,
    requestHash: 'hash',
    commandId: acme,
    ...change,
  };
}
const answer = { status: 201, headers: { ETag: '"1"' }, text: '{"z":1,"a":"ü"}' };
const age = (claim: Claim, change: string) =>
  world.rows(`update idempotency_keys set ${change} where key = $1`, [claim.key]);

describe('an idempotency key in the database', () => {
  it('is ours the first time, and then has the answer to the byte', async () => {
    const claim = aClaim();
    expect(await store.begin(claim)).toMatchObject({ kind: 'ours' });
    await store.keep(claim, answer);
    expect(await store.begin(claim)).toEqual({ kind: 'answered', answer });
  });

  it('keeps an answer without a body', async () => {
    const claim = aClaim();
    await store.begin(claim);
    await store.keep(claim, { status: 204, headers: {}, text: undefined });
    expect(await store.begin(claim)).toEqual({
      kind: 'answered',
      answer: { status: 204, headers: {}, text: undefined },
    });
  });

  it('is running for others, for at most 15 seconds', async () => {
    const claim = aClaim();
    await store.begin(claim);
    const second = await store.begin(claim);
    expect(second).toMatchObject({ kind: 'running' });
    expect(second.kind === 'running' && second.retryAfterSeconds).toBeLessThanOrEqual(15);
  });

  it('is taken over when its process died, with the instant of the first receipt', async () => {
    const claim = aClaim();
    const first = await store.begin(claim);
    await age(claim, 'lease_until = now()');
    expect(await store.begin(claim)).toEqual(first);
  });

  it('is free at once after a release', async () => {
    const claim = aClaim();
    const first = await store.begin(claim);
    await store.release(claim);
    expect(await store.begin(claim)).toEqual(first);
  });

  it('belongs to one request: another hash never matches, running or answered', async () => {
    const claim = aClaim();
    await store.begin(claim);
    expect(await store.begin({ ...claim, requestHash: 'other' })).toEqual({ kind: 'mismatch' });
    await store.keep(claim, answer);
    expect(await store.begin({ ...claim, requestHash: 'other' })).toEqual({ kind: 'mismatch' });
  });

  it('is of one person in one organization', async () => {
    const claim = aClaim();
    await store.begin(claim);
    expect(await store.begin({ ...claim, organizationId: globex })).toMatchObject({ kind: 'ours' });
    expect(await store.begin({ ...claim, actorId: acme })).toMatchObject({ kind: 'ours' });
  });

  it('goes to exactly one of many that come at once', async () => {
    const claim = aClaim();
    const receipts = await Promise.all(Array.from({ length: 8 }, () => store.begin(claim)));
    expect(receipts.filter(({ kind }) => kind === 'ours')).toHaveLength(1);
    expect(receipts.filter(({ kind }) => kind === 'running')).toHaveLength(7);
  });

  it('is forgotten after 24 hours', async () => {
    const claim = aClaim();
    await store.begin(claim);
    await store.keep(claim, answer);
    await age(claim, `created_at = now() - interval '25 hours'`);
    expect(await store.begin({ ...claim, requestHash: 'other' })).toMatchObject({ kind: 'ours' });
  });

  it('is purged after 24 hours, and what is younger stays', async () => {
    const [old, young] = [aClaim(), aClaim()];
    for (const claim of [old, young]) await store.begin(claim);
    await age(old, `created_at = now() - interval '25 hours'`);
    expect(await purgeExpired(world.database)).toBe(false);
    const left = await world.rows('select key from idempotency_keys where key = any($1)', [
      [old.key, young.key],
    ]);
    expect(left).toEqual([{ key: young.key }]);
  });
});

describe('a count of requests in the database', () => {
  it('adds up over all who count', async () => {
    const rates = rateStoreIn(world.database);
    expect(await rates.take('x', 3_600, 5)).toBe(5);
    expect(await rates.take('x', 3_600, 300)).toBe(305);
    expect(await rates.take('y', 3_600, 1)).toBe(1);
  });
});
