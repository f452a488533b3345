import * as fc from 'fast-check';
import { differencesBetween, hashOf, Shown } from './shown';

const names = fc.constantFrom('plan', 'cost', 'window', 'constructor', 'toString', '10', '9');
const shown = fc
  .dictionary(names, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 })
  .map((given) => Shown.parse(JSON.parse(JSON.stringify(given))));

/** The same with the names of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, inner]) => [name, turned(inner)]));
}

describe('the hash of what is shown', () => {
  it('does not depend on the order of names', () => {
    fc.assert(
      fc.property(shown, (given) => {
        expect(hashOf(Shown.parse(turned(given)))).toBe(hashOf(given));
      }),
    );
    expect(hashOf({ a: { x: 1, y: [2] }, b: 3 })).toBe(hashOf({ b: 3, a: { y: [2], x: 1 } }));
  });

  it('is another one exactly when there is a difference', () => {
    fc.assert(
      fc.property(shown, shown, (one, other) => {
        expect(hashOf(one) === hashOf(other)).toBe(differencesBetween(one, other).length === 0);
      }),
    );
  });

  it.each<[Shown, Shown]>([
    [{ plan: [1, 2] }, { plan: [2, 1] }],
    [{ cost: 1 }, { cost: '1' }],
    [{ cost: 0 }, { cost: null }],
    [
      { plan: 'a', cost: 'b' },
      { plan: 'b', cost: 'a' },
    ],
    [{ plan: { a: null } }, { plan: {} }],
    [{}, { constructor: 'x' }],
  ])('tells %j from %j', (one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  it('takes what is null as what is not there', () => {
    expect(hashOf({ plan: 'a', cost: null })).toBe(hashOf({ plan: 'a' }));
  });
});

describe('differences', () => {
  it('name what has changed, what has come and what has gone, and nothing else', () => {
    const before = { plan: 'Restart', cost: 10, window: { start: 1, end: 2 } };
    const after = { plan: 'Replace', window: { end: 2, start: 1 }, risk: 'high' };
    expect(differencesBetween(before, after)).toEqual([
      { name: 'cost', from: 10, to: null },
      { name: 'plan', from: 'Restart', to: 'Replace' },
      { name: 'risk', from: null, to: 'high' },
    ]);
  });

  it('see only what somebody has given', () => {
    expect(differencesBetween({}, { constructor: 'x' })).toEqual([
      { name: 'constructor', from: null, to: 'x' },
    ]);
  });
});
