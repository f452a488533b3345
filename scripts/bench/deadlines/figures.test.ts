import { isRightCounting, isRightReading, latenessOf, trueInstant, unhandled } from './figures';
import type { Recorded } from './groups';

const openedAt = new Date('2026-03-02T08:00:00.250Z');
const terms = { targetSeconds: 100 };

function breach(ticketId: string, due: string, lateMs: number): Recorded {
  const occurredAt = new Date(due);
  const recordedAt = new Date(occurredAt.getTime() + lateMs);
  return { ticketId, type: 'slaBreached', openedAt, recordedAt, occurredAt, said: due };
}

describe('the true instant of a step', () => {
  it('counts from the opening, to the millisecond', () => {
    expect(trueInstant('slaWarned', openedAt, terms)).toBe(Date.parse('2026-03-02T08:01:15.250Z'));
  });

  it('is one for all that were opened while nobody worked', () => {
    const opensAt = '2026-03-02T09:00:00.000Z';
    const at = trueInstant('slaEscalated', openedAt, { ...terms, opensAt });
    expect(at).toBe(Date.parse('2026-03-02T09:02:30.000Z'));
  });
});

describe('lateness', () => {
  const due = '2026-03-02T08:01:40.250Z';

  it('is counted to the record, and drains until the last of them', () => {
    const found = latenessOf([breach('a', due, 50), breach('b', due, 500)], terms);
    expect(found).toMatchObject({ recorded: 2, p50: 50, longest: 500, drainedMs: 500, wrong: 0 });
    expect(found.perSecond).toBe(4);
  });

  it('finds a breach that is told for another instant', () => {
    const late = breach('a', '2026-03-02T08:01:40.251Z', 0);
    expect(latenessOf([late, { ...late, said: due }], terms).wrong).toBe(2);
  });
});

describe('a reading of a clock', () => {
  const due = Date.parse('2026-03-02T08:00:00.000Z');
  const truth = { due, before: 0, after: 10 };
  const missed = { ticketId: 'a', breached: true, breachedAt: '2026-03-02T08:00:00.000Z' };
  const kept = { ticketId: 'a', breached: false, breachedAt: null };

  it('is breached from the very instant on, not before', () => {
    const [before, at] = ['2026-03-02T07:59:59.999Z', '2026-03-02T08:00:00.000Z'];
    expect(isRightReading({ ...kept, asOf: before }, truth)).toBe(true);
    expect(isRightReading({ ...missed, asOf: at }, truth)).toBe(true);
    expect(isRightReading({ ...kept, asOf: at }, truth)).toBe(false);
    expect(isRightReading({ ...missed, asOf: before }, truth)).toBe(false);
  });

  it('is wrong when it names another instant', () => {
    const off = { ...missed, asOf: '2026-03-02T08:00:01.000Z' };
    expect(isRightReading({ ...off, breachedAt: off.asOf }, truth)).toBe(false);
  });

  it('is of one that nobody has handled until its breach is recorded', () => {
    const asOf = [
      '2026-03-02T07:59:59.999Z',
      '2026-03-02T08:00:00.010Z',
      '2026-03-02T08:00:01.000Z',
    ];
    const readings = asOf.map((at) => ({ ...missed, asOf: at }));
    const recorded = [breach('a', missed.breachedAt, 500)];
    expect(unhandled(readings, recorded, truth)).toEqual([readings[1]]);
    expect(unhandled(readings, [], truth)).toHaveLength(2);
  });
});

describe('the count of a list', () => {
  const truth = { due: 1_000, before: 3, after: 13 };

  it('has all of them from the instant on', () => {
    expect(isRightCounting({ askedAt: 900, answeredAt: 999, count: 3 }, truth)).toBe(true);
    expect(isRightCounting({ askedAt: 900, answeredAt: 999, count: 13 }, truth)).toBe(false);
    expect(isRightCounting({ askedAt: 1_000, answeredAt: 1_010, count: 13 }, truth)).toBe(true);
    expect(isRightCounting({ askedAt: 1_000, answeredAt: 1_010, count: 12 }, truth)).toBe(false);
  });

  it('has all or none when it was under way at the instant', () => {
    const under = { askedAt: 990, answeredAt: 1_010 };
    expect(isRightCounting({ ...under, count: 3 }, truth)).toBe(true);
    expect(isRightCounting({ ...under, count: 13 }, truth)).toBe(true);
    expect(isRightCounting({ ...under, count: 8 }, truth)).toBe(false);
  });
});
