import { later, monday } from '../../tests/factories';
import type { Instant } from '../instant';
import { businessHours, roundTheClock, type Calendar } from './calendar';
import { cancel, pause, reopen, resume, retarget, startClock, stop, type Clock } from './clock';
import type { ClockEvent } from './clock/events';
import type { Terms } from './clock/shape';
import { elapsedMs } from './figures';
import { ledgerOf, mostPieces, type Because } from './ledger';
import { restartedBy, toldBy, type Told } from './ledger-facts';

const terms: Terms = {
  ...{ policy: { id: 'p', version: 1 }, rule: 'all', calendar: { id: 'c', version: 1 } },
  ...{ targetSeconds: 14_400, onChange: 'keepElapsed' },
};
const fresh = startClock({
  ...{ id: 'r', target: 'r', metric: 'resolution', kind: 'SLA', terms, at: monday },
});
const hours = (n: number) => later({ hours: n });

function told(clock: Clock, now: Instant, calendar: Calendar = roundTheClock) {
  return ledgerOf(clock, calendar, now).map(({ from, to, ms, isCounted, because }) => {
    const seconds = ms / 1000;
    return [from.slice(5, 16), to.slice(5, 16), isCounted ? seconds : -seconds, said(because)];
  });
}

function said(because: Because): string {
  if ('day' in because) return `${because.rule} ${because.day}`;
  if ('month' in because) return because.month;
  return because.rule === 'pause' ? `pause ${because.why ?? ''}` : because.rule;
}

describe('the ledger of a clock', () => {
  it('says by which rule of which day time counts', () => {
    const calendar: Calendar = {
      ...businessHours('UTC'),
      holidays: ['2026-03-03'],
      breaks: { '2026-03-02': [['12:00', '13:00']] },
    };
    expect(told(fresh, later({ days: 2, hours: 1 }), calendar)).toEqual([
      ['03-02T09:00', '03-02T12:00', 10_800, 'weekly 2026-03-02'],
      ['03-02T12:00', '03-02T13:00', -3_600, 'break 2026-03-02'],
      ['03-02T13:00', '03-02T17:00', 14_400, 'weekly 2026-03-02'],
      ['03-02T17:00', '03-03T00:00', -25_200, 'closed 2026-03-02'],
      ['03-03T00:00', '03-04T00:00', -86_400, 'holiday 2026-03-03'],
      ['03-04T00:00', '03-04T09:00', -32_400, 'closed 2026-03-04'],
      ['03-04T09:00', '03-04T10:00', 3_600, 'weekly 2026-03-04'],
    ]);
  });

  it('tells pauses, also one that lasts, and the time between stop and reopening', () => {
    const held = resume(pause(fresh, hours(1), 'holdReason==customer'), hours(2));
    const again = pause(reopen(stop(held, hours(3)), hours(5)), hours(6));
    expect(told(again, hours(8))).toEqual([
      ['03-02T09:00', '03-02T10:00', 3_600, 'weekly 2026-03-02'],
      ['03-02T10:00', '03-02T11:00', -3_600, 'pause holdReason==customer'],
      ['03-02T11:00', '03-02T12:00', 3_600, 'weekly 2026-03-02'],
      ['03-02T12:00', '03-02T14:00', -7_200, 'stopped'],
      ['03-02T14:00', '03-02T15:00', 3_600, 'weekly 2026-03-02'],
      ['03-02T15:00', '03-02T17:00', -7_200, 'pause '],
    ]);
  });

  it('begins with what a restart left behind', () => {
    const restarted = retarget(
      fresh,
      { ...terms, targetSeconds: 60, onChange: 'restart' },
      hours(2),
    );
    expect(told(restarted, hours(3))).toEqual([
      ['03-02T09:00', '03-02T11:00', -7_200, 'restarted'],
      ['03-02T11:00', '03-02T12:00', 3_600, 'weekly 2026-03-02'],
    ]);
    expect(told(restarted, hours(1))).toEqual([
      ['03-02T09:00', '03-02T10:00', -3_600, 'restarted'],
    ]);
  });

  it('ends where the clock was stopped or cancelled, and is empty before it starts', () => {
    for (const ended of [stop(fresh, hours(1)), cancel(fresh, hours(1))])
      expect(told(ended, hours(9))).toEqual([
        ['03-02T09:00', '03-02T10:00', 3_600, 'weekly 2026-03-02'],
      ]);
    expect(ledgerOf(fresh, roundTheClock, hours(-1))).toEqual([]);
  });

  it('is by months when it has too many days, and comes to the same', () => {
    const calendar = businessHours('Europe/Berlin');
    const now = later({ days: 5 * 365 });
    const entries = ledgerOf(fresh, calendar, now);
    expect(entries.length).toBeLessThan(150);
    expect(entries[0]?.because).toEqual({ rule: 'month', month: '2026-03' });
    const counted = entries.filter(({ isCounted }) => isCounted);
    const sum = counted.reduce((ms, one) => ms + one.ms, 0);
    expect(sum).toBe(elapsedMs(fresh, calendar, now));
    expect(ledgerOf(fresh, calendar, later({ days: 500 })).length).toBeLessThan(mostPieces);
  });
});

describe('the fact behind a piece of time', () => {
  const line = (at: Instant, changes: boolean, ...clocks: ClockEvent[]): Told => {
    return { at, changes, clocks };
  };
  const paused: ClockEvent = { clock: 'r', did: 'paused', at: hours(1), why: 'x' };
  const clock = resume(pause(fresh, hours(1), 'x'), hours(2));
  const entryAt = (from: Instant, of: Clock = clock) => {
    const found = ledgerOf(of, roundTheClock, hours(9)).find((one) => one.from === from);
    if (!found) throw new Error(`Nothing begins at ${from}`);
    return found;
  };

  it('is the line that paused the clock', () => {
    const lines = [line(monday, true), line(hours(1), true, paused), line(hours(1), true)];
    expect(toldBy(lines, clock, entryAt(hours(1)))).toBe(lines[1]);
    expect(toldBy(lines, clock, entryAt(hours(2)))).toBeUndefined();
  });

  it('of a clock that was started in retrospect is what changed the ticket at that time', () => {
    const lines = [line(hours(1), true), line(hours(8), false, paused)];
    expect(toldBy(lines, clock, entryAt(hours(1)))).toBe(lines[0]);
    expect(toldBy(lines.slice(1), clock, entryAt(hours(1)))).toBe(lines[1]);
  });

  it('of a restart is the line with the other terms', () => {
    const others: Terms = { ...terms, targetSeconds: 60, onChange: 'restart' };
    const restarted = retarget(fresh, others, hours(2));
    const event: ClockEvent = { clock: 'r', did: 'retargeted', at: hours(2), terms: others };
    const lines = [line(monday, true), line(hours(2), true, event)];
    expect(restartedBy(lines, restarted, entryAt(monday, restarted))).toBe(lines[1]);
  });
});
