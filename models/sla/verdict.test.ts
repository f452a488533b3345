import { monday, later, uuid } from '../../tests/factories';
import type { Agreement } from './agreement';
import { cancel, pause, startClock, stop } from './clock';
import type { Clock } from './clock/shape';
import { roundTheClock } from './calendar';
import { computed, flipsBetween } from './verdict';

const calendar = { id: uuid(41), version: 1 };
const agreement: Agreement = {
  policies: [],
  calendars: [{ ...calendar, calendar: roundTheClock }],
};
const now = later({ days: 30 });
const terms = (hours: number, version: number) => ({
  ...{ policy: { id: uuid(51), version }, rule: 'All', calendar },
  ...{ targetSeconds: hours * 3_600, onChange: 'keepElapsed' as const },
});

function aClock(hours: number, { id = 'resolution', version = 1 } = {}): Clock {
  const facts = { metric: 'resolution', kind: 'SLA', at: monday } as const;
  return startClock({ ...facts, id, target: id, terms: terms(hours, version) });
}

const stopped = (clock: Clock) => stop(clock, later({ hours: 5 }));

describe('what came out otherwise', () => {
  it('is a clock that was met and is missed, with how each was computed', () => {
    const before = stopped(aClock(6));
    const after = stopped(aClock(4, { version: 2 }));
    expect(flipsBetween([before], [after], { agreement, now })).toEqual([
      {
        ...{ clock: 'resolution', direction: 'toMissed' },
        before: expect.objectContaining({
          ...{ outcome: 'met', breachedAt: null, dueAt: later({ hours: 6 }) },
          elapsedSeconds: 5 * 3_600,
        }) as unknown,
        after: expect.objectContaining({
          ...{ outcome: 'missed', breachedAt: later({ hours: 4 }), targetSeconds: 4 * 3_600 },
          policy: { id: uuid(51), version: 2 },
        }) as unknown,
      },
    ]);
  });

  it('is nothing while the outcome is the same', () => {
    const [before, after] = [stopped(aClock(6)), stopped(aClock(9))];
    expect(flipsBetween([before], [after], { agreement, now })).toEqual([]);
  });

  it('is found by what was promised where the other policy calls it otherwise', () => {
    const before = stopped(aClock(4));
    const after = stopped(aClock(6, { id: 'solution' }));
    expect(flipsBetween([before], [after], { agreement, now })).toMatchObject([
      { clock: 'resolution', direction: 'toMet' },
    ]);
  });

  it('says nothing of promises that fell away on either side', () => {
    const before = stopped(aClock(4));
    const away = cancel(aClock(6), later({ hours: 1 }));
    expect(flipsBetween([before], [away], { agreement, now })).toEqual([]);
    expect(flipsBetween([away], [before], { agreement, now })).toEqual([]);
    expect(flipsBetween([before], [], { agreement, now })).toEqual([]);
  });
});

it('nothing is decided while a clock is neither stopped nor late', () => {
  const waiting = pause(aClock(6), later({ hours: 1 }), 'holdReason==customer');
  expect(computed(waiting, agreement, now)).toBeUndefined();
  expect(computed(aClock(6), agreement, later({ hours: 1 }))).toBeUndefined();
  expect(computed(aClock(6), agreement, now)).toMatchObject({ outcome: 'missed' });
});
