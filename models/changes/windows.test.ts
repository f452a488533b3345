import * as fc from 'fast-check';
import { plusSeconds, toInstant } from '../instant';
import { isOpen, roundTheClock, type Calendar } from '../sla/calendar';
import {
  freezesOver,
  maintenanceFits,
  mustBackOutAt,
  outsideMaintenance,
  overlapOf,
  withinWindow,
  type ChangeWindow,
  type Freeze,
} from './windows';

const at = (time: string) => `2026-03-${time}:00.000Z`;
const window = (start: string, end: string): ChangeWindow => ({ start: at(start), end: at(end) });
const night = window('02T22:00', '03T02:00');

describe('a window', () => {
  it.each([
    ['02T21:59', false],
    ['02T22:00', true],
    ['03T01:59', true],
    ['03T02:00', false],
  ])('at %s is open: %s', (time, isWithin) => {
    expect(withinWindow(night, at(time))).toBe(isWithin);
    const justBefore = plusSeconds(night.end, -0.001);
    expect([withinWindow(night, justBefore), withinWindow(night, night.end)]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    ['ends as it begins', window('02T20:00', '02T22:00'), null],
    ['begins as it ends', window('03T02:00', '03T04:00'), null],
    ['holds it', window('01T00:00', '09T00:00'), ['02T22:00', '03T02:00']],
    ['lies in it', window('02T23:00', '03T00:00'), ['02T23:00', '03T00:00']],
    ['meets its end', window('03T01:00', '03T05:00'), ['03T01:00', '03T02:00']],
  ] as const)('overlaps with one that %s', (_, other, expected) => {
    const overlap = expected && { from: at(expected[0]), until: at(expected[1]) };
    expect(overlapOf(night, other)).toEqual(overlap);
    expect(overlapOf(other, night)).toEqual(overlap);
  });

  it('leaves time to back out, and says its start when it never did', () => {
    expect(mustBackOutAt(night, 30)).toBe(at('03T01:30'));
    expect(mustBackOutAt(night, 0)).toBe(night.end);
    expect(mustBackOutAt(night, 240)).toBe(night.start);
    expect(mustBackOutAt(night, 600)).toBe(night.start);
  });
});

describe('a freeze', () => {
  const freeze = (serviceIds: string[], from = '02T00:00', until = '03T00:00'): Freeze => ({
    ...{ id: 'f', name: 'Year end', reason: 'The books are closed.', serviceIds },
    ...{ from: at(from), until: at(until) },
  });

  it('of everything lies over any change in its time, also over one of no service', () => {
    expect(freezesOver(night, ['mail'], [freeze([])])).toHaveLength(1);
    expect(freezesOver(night, [], [freeze([])])).toHaveLength(1);
  });

  it('of services lies over changes of these only', () => {
    expect(freezesOver(night, ['mail'], [freeze(['web', 'mail'])])).toHaveLength(1);
    expect(freezesOver(night, ['print'], [freeze(['web', 'mail'])])).toEqual([]);
    expect(freezesOver(night, [], [freeze(['mail'])])).toEqual([]);
  });

  it('is half-open: what begins as it ends, or ends as it begins, is free', () => {
    expect(freezesOver(night, [], [freeze([], '01T00:00', '02T22:00')])).toEqual([]);
    expect(freezesOver(night, [], [freeze([], '03T02:00', '04T00:00')])).toEqual([]);
    expect(freezesOver(night, [], [freeze([], '03T01:59', '04T00:00')])).toHaveLength(1);
  });
});

const nights: Calendar = {
  timezone: 'Europe/Berlin',
  weekly: { mon: [['22:00', '04:00']], wed: [['22:00', '04:00']] },
};
const weekend: Calendar = { timezone: 'Europe/Berlin', weekly: { sat: [['00:00', '24:00']] } };
const maintenance = [
  { id: '1', name: 'Nights', serviceIds: ['mail'], definition: nights },
  { id: '2', name: 'Weekends', serviceIds: ['mail', 'web'], definition: weekend },
];

describe('maintenance windows', () => {
  it('hold a change of their service as a whole; Monday 22:00 in Berlin is 21:00 in UTC', () => {
    expect(maintenanceFits(window('02T21:00', '03T03:00'), ['mail'], maintenance)).toBe(true);
    expect(maintenanceFits(window('02T20:59', '03T03:00'), ['mail'], maintenance)).toBe(false);
    expect(maintenanceFits(window('02T21:00', '03T03:01'), ['mail'], maintenance)).toBe(false);
  });

  it('do not add up: a change from one into the next has closed time in it', () => {
    expect(maintenanceFits(window('02T21:00', '05T03:00'), ['mail'], maintenance)).toBe(false);
  });

  it('bind each service to its own, and none that has none', () => {
    const saturday = window('07T08:00', '07T09:00');
    expect(maintenanceFits(saturday, ['mail', 'web', 'print'], maintenance)).toBe(true);
    const monday = window('02T22:00', '02T23:00');
    expect(outsideMaintenance(monday, ['mail', 'web', 'print'], maintenance)).toEqual(['web']);
    expect(maintenanceFits(monday, ['print'], maintenance)).toBe(true);
    expect(maintenanceFits(monday, [], maintenance)).toBe(true);
  });

  it('hold nothing that takes no time', () => {
    expect(maintenanceFits(window('02T21:00', '02T21:00'), ['mail'], maintenance)).toBe(false);
  });

  it('that never close hold everything', () => {
    const always = [{ id: '3', name: 'Always', serviceIds: ['mail'], definition: roundTheClock }];
    expect(maintenanceFits(window('01T00:00', '20T00:00'), ['mail'], always)).toBe(true);
  });

  it('hold a change exactly when every minute of it is open', () => {
    const minutes = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(minutes(14 * 1440), fc.integer({ min: 1, max: 600 }), (from, length) => {
        // Over the change to summer time on 29 March 2026.
        const begin = Date.UTC(2026, 2, 22) + from * 60_000;
        const held = { start: toInstant(begin), end: toInstant(begin + length * 60_000) };
        const isOpenAlways = Array.from({ length }, (_, k) =>
          isOpen(nights, toInstant(begin + k * 60_000)),
        ).every(Boolean);
        const only = maintenance.slice(0, 1);
        expect(maintenanceFits(held, ['mail'], only)).toBe(isOpenAlways);
      }),
      { numRuns: 300 },
    );
  });
});
