import * as fc from 'fast-check';
import { isOpen, openingsIn, roundTheClock, type Calendar } from './calendar';
import { toInstant } from '../instant';

const at = (text: string) => `2026-03-${text}:00.000Z`;
const sundays: Calendar = { timezone: 'Europe/Berlin', weekly: { sun: [['02:00', '06:00']] } };

describe('the openings of a calendar between two instants', () => {
  it('are each by itself, also over the change to summer time', () => {
    expect(openingsIn(sundays, at('20T00:00'), at('31T00:00'), 10)).toEqual([
      [at('22T01:00'), at('22T05:00')],
      [at('29T01:00'), at('29T04:00')],
    ]);
  });

  it('are cut at both', () => {
    expect(openingsIn(sundays, at('22T03:00'), at('29T02:00'), 10)).toEqual([
      [at('22T03:00'), at('22T05:00')],
      [at('29T01:00'), at('29T02:00')],
    ]);
    expect(openingsIn(roundTheClock, at('01T00:00'), at('02T00:00'), 10)).toEqual([
      [at('01T00:00'), at('02T00:00')],
    ]);
  });

  it('are no more than were asked for', () => {
    expect(openingsIn(sundays, at('01T00:00'), at('31T00:00'), 3)).toHaveLength(3);
    expect(openingsIn(sundays, at('01T00:00'), at('31T00:00'), 0)).toEqual([]);
  });

  it('of a calendar that opens once and never again are that one', () => {
    const once: Calendar = {
      timezone: 'UTC',
      weekly: {},
      overrides: { '2026-03-10': [['08:00', '09:00']] },
    };
    expect(openingsIn(once, at('01T00:00'), at('31T00:00'), 10)).toEqual([
      [at('10T08:00'), at('10T09:00')],
    ]);
    expect(openingsIn(once, at('11T00:00'), at('31T00:00'), 10)).toEqual([]);
  });

  it('hold exactly the minutes that are open', () => {
    const minute = 60_000;
    const begin = Date.UTC(2026, 2, 28);
    fc.assert(
      fc.property(fc.nat(2_000), fc.integer({ min: 1, max: 2_000 }), (from, length) => {
        const [start, end] = [begin + from * minute, begin + (from + length) * minute];
        const openings = openingsIn(sundays, toInstant(start), toInstant(end), 100);
        for (let ms = start; ms < end; ms += minute) {
          const moment = toInstant(ms);
          const isInside = openings.some(([opens, closes]) => opens <= moment && moment < closes);
          expect(isInside).toBe(isOpen(sundays, moment));
        }
      }),
      { numRuns: 50 },
    );
  });
});
