import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { wallClockOf } from './wall-time';

/** The instant at which the zone's clock shows the local time. */
function at(timezone: string, local: string): string {
  return new Date(wallClockOf(timezone)(Date.parse(`${local}Z`))).toISOString().slice(0, 16);
}

describe('a local time', () => {
  it.each([
    ['Europe/Berlin', '2026-07-01T09:00', '2026-07-01T07:00'],
    ['America/New_York', '2026-01-05T09:00', '2026-01-05T14:00'],
    ['Asia/Kathmandu', '2026-01-05T09:00', '2026-01-05T03:15'],
    ['Pacific/Kiritimati', '2026-01-01T00:00', '2025-12-31T10:00'],
    ['UTC', '2026-01-05T09:00', '2026-01-05T09:00'],
  ])('in %s at %s is %s in UTC', (timezone, local, utc) => {
    expect(at(timezone, local)).toBe(utc);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59'],
    ['Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00'],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30'],
    ['America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00'],
    ['Pacific/Apia', '2011-12-30T00:00', '2011-12-30T10:00'],
    ['Pacific/Apia', '2011-12-30T23:59', '2011-12-30T10:00'],
    ['Pacific/Apia', '2011-12-31T00:00', '2011-12-30T10:00'],
  ])('in %s at %s, in or beside a gap, is %s', (timezone, local, utc) => {
    expect(at(timezone, local)).toBe(utc);
  });

  it.each([
    ['Europe/Berlin', '2026-10-25T01:59', '2026-10-24T23:59'],
    ['Europe/Berlin', '2026-10-25T02:00', '2026-10-25T00:00'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45'],
    ['Australia/Lord_Howe', '2026-04-05T02:00', '2026-04-04T15:30'],
    ['America/Sao_Paulo', '2018-02-17T23:30', '2018-02-18T01:30'],
    ['America/Sao_Paulo', '2018-02-18T00:00', '2018-02-18T03:00'],
  ])('in %s at %s, in or beside a repeated hour, is %s', (timezone, local, utc) => {
    expect(at(timezone, local)).toBe(utc);
  });

  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Casablanca',
    'Asia/Gaza',
  );
  const instants = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2037, 0, 1) });

  it('is shown by the zone at its instant, and at no earlier one', () => {
    fc.assert(
      fc.property(zones, instants, (zone, ms) => {
        const shown = DateTime.fromMillis(ms, { zone });
        const wall = ms + Math.round(shown.offset * 60_000);
        const first = wallClockOf(zone)(wall);
        const offset = DateTime.fromMillis(first, { zone }).offset;
        expect(first).toBeLessThanOrEqual(ms);
        expect(first + offset * 60_000).toBe(wall);
      }),
      { numRuns: 300 },
    );
  });

  it('never comes before an earlier local time', () => {
    fc.assert(
      fc.property(zones, instants, fc.nat(100_000_000), (zone, wall, later) => {
        const clock = wallClockOf(zone);
        expect(clock(wall + later)).toBeGreaterThanOrEqual(clock(wall));
      }),
      { numRuns: 300 },
    );
  });

  it('is an error in a zone that does not exist', () => {
    expect(() => wallClockOf('Mars/Olympus')).toThrow('Mars/Olympus is not a time zone');
  });
});
