import { businessHours, roundTheClock } from './calendar';
import {
  cancel,
  dueAt,
  pass,
  pause,
  reopen,
  resume,
  retarget,
  startClock,
  stop,
  thresholds,
  withdrawn,
  type Clock,
  type Terms,
} from './clock';

const hour = 3600;
const office = businessHours('UTC');

/** An instant from `02 15:00` in January 2026; the 2nd is a Friday. */
function jan(text: string): string {
  return new Date(`2026-01-${text.replace(' ', 'T')}Z`).toISOString();
}

function terms(hours: number): Terms {
  return {
    policy: { id: 'standard', version: 1 },
    calendar: { id: 'office', version: 1 },
    targetSeconds: hours * hour,
    warnPercent: 75,
    escalatePercent: 150,
  };
}

/** Four hours from Friday 15:00. */
function aClock(from = jan('02 15:00')): Clock {
  return startClock({
    id: 'resolution',
    metric: 'resolution',
    kind: 'SLA',
    terms: terms(4),
    at: from,
  });
}

describe('a deadline', () => {
  it('is when the target has been worked', () => {
    expect(dueAt(aClock(), office)).toBe(jan('05 11:00'));
  });

  it('moves by the working time of a pause: Friday 15:00, paused 16:00 to Monday 10:00, is due 13:00', () => {
    const clock = resume(pause(aClock(), jan('02 16:00')), jan('05 10:00'));
    expect(dueAt(clock, office)).toBe(jan('05 13:00'));
  });

  it('does not move by a pause outside of the hours', () => {
    const clock = resume(pause(aClock(), jan('03 10:00')), jan('04 10:00'));
    expect(dueAt(clock, office)).toBe(jan('05 11:00'));
  });

  it('does not move by a pause after it', () => {
    const clock = resume(pause(aClock(), jan('05 11:00')), jan('05 15:00'));
    expect(dueAt(clock, office)).toBe(jan('05 11:00'));
  });

  it('is unknown while paused, and gone once cancelled', () => {
    expect(dueAt(pause(aClock(), jan('02 16:00')), office)).toBeNull();
    expect(dueAt(cancel(aClock(), jan('02 16:00')), office)).toBeNull();
  });

  it('of a stopped clock is the one it was judged by', () => {
    expect(dueAt(stop(aClock(), jan('05 10:59')), office)).toBe(jan('05 11:00'));
    const paused = pause(aClock(), jan('02 16:00'));
    expect(dueAt(stop(paused, jan('05 10:00')), office)).toBe(jan('05 13:00'));
  });

  it('counts overlapping pauses once, in whatever order they were told', () => {
    const first = resume(pause(aClock(), jan('05 09:30')), jan('05 10:30'));
    const late = resume(pause(first, jan('05 09:00')), jan('05 10:00'));
    expect(dueAt(late, office)).toBe(jan('05 12:30'));
  });
});

describe('a fact that does not fit', () => {
  const running = aClock();
  const paused = pause(running, jan('02 16:00'));
  const stopped = stop(running, jan('02 16:00'));
  const cancelled = cancel(running, jan('02 16:00'));
  const later = jan('05 10:00');

  it('leaves the very same clock', () => {
    expect(resume(running, later)).toBe(running);
    expect(reopen(running, later)).toBe(running);
    expect(pause(paused, later)).toBe(paused);
    expect(reopen(paused, later)).toBe(paused);
    for (const clock of [stopped, cancelled]) {
      expect(pause(clock, later)).toBe(clock);
      expect(resume(clock, later)).toBe(clock);
      expect(stop(clock, later)).toBe(clock);
      expect(cancel(clock, later)).toBe(clock);
      expect(retarget(clock, terms(8))).toBe(clock);
    }
    expect(reopen(cancelled, later)).toBe(cancelled);
    expect(retarget(running, terms(4))).toBe(running);
  });

  it('is refused when its instant is none', () => {
    expect(() => pause(running, '2026-01-02T16:00:00Z')).toThrow(/is not an instant/);
  });

  it('counts from the start when it is earlier than that', () => {
    const early = pause(running, jan('01 00:00'));
    expect(early.pauses).toEqual([{ from: running.startedAt, to: null }]);
    expect(stop(running, jan('01 00:00')).stoppedAt).toBe(running.startedAt);
  });

  it('ends a pause no earlier than it began', () => {
    expect(resume(paused, jan('02 15:30')).pauses).toEqual([
      { from: jan('02 16:00'), to: jan('02 16:00') },
    ]);
  });

  it('changes no clock that it is given', () => {
    const before = structuredClone(running);
    stop(resume(pause(pass(running, 75, jan('02 15:10')), jan('02 15:05')), later), later);
    expect(running).toEqual(before);
  });
});

describe('reopening', () => {
  it('goes on without the time in between', () => {
    const clock = reopen(stop(aClock(), jan('02 16:00')), jan('05 10:00'));
    expect(clock.state).toBe('running');
    expect(clock.stoppedAt).toBeNull();
    expect(dueAt(clock, office)).toBe(jan('05 13:00'));
  });

  it('goes on running, also when it was paused at the stop', () => {
    const paused = pause(aClock(), jan('02 16:00'));
    const clock = reopen(stop(paused, jan('05 09:00')), jan('05 10:00'));
    expect(clock.state).toBe('running');
    expect(dueAt(clock, office)).toBe(jan('05 13:00'));
  });
});

describe('thresholds', () => {
  it('of a running clock are warning, breach and escalation, ascending', () => {
    expect(thresholds(aClock(), office)).toEqual([
      { percent: 75, at: jan('05 10:00') },
      { percent: 100, at: jan('05 11:00') },
      { percent: 150, at: jan('05 13:00') },
    ]);
  });

  it('are none while the clock does not run', () => {
    const at = jan('02 16:00');
    for (const clock of [pause(aClock(), at), stop(aClock(), at), cancel(aClock(), at)]) {
      expect(thresholds(clock, office)).toEqual([]);
    }
  });

  it('are not repeated once passed', () => {
    const warned = pass(aClock(), 75, jan('05 10:00'));
    expect(thresholds(warned, office).map(({ percent }) => percent)).toEqual([100, 150]);
    const breached = pass(warned, 100, jan('05 11:00'));
    expect(thresholds(breached, office).map(({ percent }) => percent)).toEqual([150]);
  });

  it('of one per cent are one', () => {
    const clock = retarget(aClock(), { ...terms(4), warnPercent: 100 });
    expect(thresholds(clock, office).map(({ percent }) => percent)).toEqual([100, 150]);
  });

  it('stay passed at the instant of a pause', () => {
    const warned = pass(aClock(), 75, jan('05 10:00'));
    const clock = resume(pause(warned, jan('05 10:00')), jan('05 12:00'));
    expect(thresholds(clock, office)).toEqual([
      { percent: 100, at: jan('05 13:00') },
      { percent: 150, at: jan('05 15:00') },
    ]);
  });
});

describe('passing a threshold', () => {
  it('records a breach at 100, once', () => {
    const clock = pass(aClock(), 100, jan('05 11:00'));
    expect(clock.breaches).toEqual([
      { at: jan('05 11:00'), targetSeconds: 4 * hour, withdrawnAt: null },
    ]);
    expect(pass(clock, 100, jan('05 11:00'))).toBe(clock);
  });

  it('records no breach at any other', () => {
    expect(pass(aClock(), 150, jan('05 13:00')).breaches).toEqual([]);
  });

  it('counts at the very instant at which the clock ceased to run', () => {
    const due = jan('05 11:00');
    for (const clock of [pause(aClock(), due), stop(aClock(), due), cancel(aClock(), due)]) {
      expect(pass(clock, 100, due).breaches.map(({ at }) => at)).toEqual([due]);
    }
  });

  it('is ignored after the clock ceased to run', () => {
    const at = jan('02 16:00');
    for (const clock of [pause(aClock(), at), stop(aClock(), at), cancel(aClock(), at)]) {
      expect(pass(clock, 100, jan('05 11:00'))).toBe(clock);
    }
  });
});

describe('retargeting', () => {
  it('counts on the new target from the start', () => {
    expect(dueAt(retarget(aClock(), terms(1)), office)).toBe(jan('02 16:00'));
  });

  it('can make a clock overdue at its true instant', () => {
    const clock = retarget(aClock(), terms(1));
    expect(thresholds(clock, office)).toContainEqual({ percent: 100, at: jan('02 16:00') });
  });

  it('keeps the breaches of the former terms, and threatens with the new ones', () => {
    const breached = pass(retarget(aClock(), terms(1)), 100, jan('02 16:00'));
    const clock = retarget(breached, terms(4));
    expect(clock.breaches).toEqual(breached.breaches);
    expect(thresholds(clock, office).map(({ percent }) => percent)).toEqual([75, 100, 150]);
  });

  it('and back knows what was passed at the very same instants', () => {
    const warned = pass(aClock(), 75, jan('05 10:00'));
    const back = retarget(retarget(warned, terms(1)), terms(4));
    expect(thresholds(back, office)).toEqual(thresholds(warned, office));
  });

  it('to another calendar passes the thresholds again, at their new instants', () => {
    const warned = pass(aClock(), 75, jan('05 10:00'));
    const clock = retarget(warned, { ...terms(4), calendar: { id: 'always', version: 1 } });
    expect(thresholds(clock, roundTheClock)).toContainEqual({ percent: 75, at: jan('02 18:00') });
  });
});

describe('a fact that arrives late', () => {
  const breached = pass(pass(aClock(), 75, jan('05 10:00')), 100, jan('05 11:00'));

  it.each([
    ['stop', stop],
    ['pause', pause],
    ['cancel', cancel],
  ])('withdraws the later breach and threshold by a %s', (_name, apply) => {
    const clock = apply(breached, jan('05 10:30'));
    const gone = { at: jan('05 11:00'), targetSeconds: 4 * hour };
    expect(clock.breaches).toEqual([{ ...gone, withdrawnAt: jan('05 10:30') }]);
    expect(withdrawn(breached, clock)).toEqual({
      breaches: [{ ...gone, withdrawnAt: jan('05 10:30') }],
      passed: [{ ...gone, percent: 100 }],
    });
  });

  it('withdraws nothing at the deadline itself', () => {
    const clock = stop(breached, jan('05 11:00'));
    expect(withdrawn(breached, clock)).toEqual({ breaches: [], passed: [] });
    expect(clock.breaches).toEqual(breached.breaches);
  });

  it('lets the deadline be broken again later', () => {
    const clock = resume(pause(breached, jan('05 10:30')), jan('05 12:00'));
    expect(thresholds(clock, office)[0]).toEqual({ percent: 100, at: jan('05 12:30') });
    expect(
      pass(clock, 100, jan('05 12:30')).breaches.map(({ withdrawnAt }) => withdrawnAt),
    ).toEqual([jan('05 10:30'), null]);
  });

  it('leaves breaches of former terms', () => {
    const clock = stop(retarget(breached, terms(8)), jan('05 10:30'));
    expect(clock.breaches).toEqual(breached.breaches);
  });

  it('says what it withdrew only once', () => {
    const paused = pause(breached, jan('05 10:30'));
    const resumed = resume(paused, jan('05 12:00'));
    expect(withdrawn(paused, resumed)).toEqual({ breaches: [], passed: [] });
  });
});
