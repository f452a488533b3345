import * as fc from 'fast-check';
import { earliest, latest, msOf, plusDays, plusSeconds, toInstant } from './instant';

const milliseconds = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

describe('an instant', () => {
  it('is UTC text with milliseconds', () => {
    expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(toInstant(new Date('2026-12-24T11:00:00+01:00'))).toBe('2026-12-24T10:00:00.000Z');
  });

  it('keeps every millisecond of the years 0000 to 9999', () => {
    fc.assert(fc.property(milliseconds, (ms) => msOf(toInstant(ms)) === ms));
  });

  it('compares as text as it does in time', () => {
    fc.assert(
      fc.property(milliseconds, milliseconds, (a, b) => a < b === toInstant(a) < toInstant(b)),
    );
  });

  it.each([Number.NaN, Infinity, 253_402_300_800_000, -62_167_219_200_001])(
    'is refused for %p ms',
    (ms) => {
      expect(() => toInstant(ms)).toThrow(RangeError);
    },
  );

  it.each([
    '',
    'yesterday',
    '2026-12-24',
    '2026-12-24T10:00:00Z',
    '2026-12-24T10:00:00.000+00:00',
    '2026-12-24T24:00:00.000Z',
    '2026-02-30T10:00:00.000Z',
    '+010000-01-01T00:00:00.000Z ',
  ])('is not %p', (text) => {
    expect(() => msOf(text)).toThrow(/is not an instant/);
  });
});

describe('moving an instant', () => {
  it('adds seconds to the millisecond, also backwards', () => {
    expect(plusSeconds('2026-12-31T23:59:59.500Z', 0.5)).toBe('2027-01-01T00:00:00.000Z');
    expect(plusSeconds('2024-03-01T00:00:00.000Z', -1.0004)).toBe('2024-02-29T23:59:59.000Z');
  });

  it('adds days of 24 hours', () => {
    expect(plusDays('2024-02-28T12:00:00.000Z', 2)).toBe('2024-03-01T12:00:00.000Z');
  });

  it('tells the later and the earlier of two', () => {
    const [a, b] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'];
    expect([latest(a, b), latest(b, a)]).toEqual([b, b]);
    expect([earliest(a, b), earliest(b, a)]).toEqual([a, a]);
  });
});
