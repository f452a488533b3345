import { percentile, Tally } from './figures';

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('of 1 to 100 at %d is %d', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('of one value is that value, of none nothing', () => {
    expect(percentile([7], 0.01)).toBe(7);
    expect(percentile([], 0.5)).toBeUndefined();
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a tally', () => {
  it('counts and puts the most frequent first, equal ones by name', () => {
    const tally = new Tally();
    for (const name of ['b', 'c', 'a', 'c']) tally.add(name);
    expect(tally.sorted()).toEqual([
      ['c', 2],
      ['a', 1],
      ['b', 1],
    ]);
    expect(tally.total).toBe(4);
  });
});
