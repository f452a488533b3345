import { ahead, aClock, jan, taking, terms } from '../../tests/clocks';
import { businessHours } from './calendar';
import { cancel, dueAt, pass, pause, reopen, resume, retarget, startClock, stop } from './clock';

const hour = 3600;
const office = businessHours('UTC');
const keysAhead = (clock: Parameters<typeof ahead>[0]) => ahead(clock, office).map(([key]) => key);

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
      expect(retarget(clock, terms(8), later)).toBe(clock);
    }
    expect(reopen(cancelled, later)).toBe(cancelled);
    expect(retarget(running, terms(4), later)).toBe(running);
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
    stop(
      resume(pause(pass(running, taking('75', jan('02 15:10'))), jan('02 15:05')), later),
      later,
    );
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

describe('a clock that is started', () => {
  it('counts from its start and was promised then, unless that came later', () => {
    expect(aClock()).toMatchObject({
      ...{ startedAt: jan('02 15:00'), countsFrom: jan('02 15:00'), termsSince: jan('02 15:00') },
      ...{ state: 'running', teamId: null, former: [], pauses: [], passed: [], breaches: [] },
    });
    const late = aClock({ promisedAt: jan('05 12:00') });
    expect(late).toMatchObject({ startedAt: jan('02 15:00'), termsSince: jan('05 12:00') });
  });

  it('that was promised after its deadline is late from the promise on, not before', () => {
    expect(ahead(aClock({ promisedAt: jan('05 12:00') }), office)).toEqual([
      ['75', jan('05 12:00')],
      ['100', jan('05 12:00')],
      ['150', jan('05 13:00')],
    ]);
  });

  it('was not promised before it began', () => {
    const early = aClock({ promisedAt: jan('01 12:00') });
    expect(early.termsSince).toBe(jan('02 15:00'));
  });

  it('keeps nothing of what began it but what a clock is', () => {
    const { id, target, metric, kind } = aClock();
    const given = {
      id,
      target,
      metric,
      kind,
      terms: terms(4),
      at: jan('02 15:00'),
      did: 'started',
    };
    expect(startClock(given)).toEqual(aClock());
  });
});

describe('the steps ahead', () => {
  it('of a running clock are warning, breach and escalation, ascending', () => {
    expect(ahead(aClock(), office)).toEqual([
      ['75', jan('05 10:00')],
      ['100', jan('05 11:00')],
      ['150', jan('05 13:00')],
    ]);
  });

  it('are not repeated once taken', () => {
    const warned = pass(aClock(), taking('75', jan('05 10:00')));
    expect(keysAhead(warned)).toEqual(['100', '150']);
    expect(keysAhead(pass(warned, taking('100', jan('05 11:00'))))).toEqual(['150']);
  });

  it('stay taken at the instant of a pause', () => {
    const warned = pass(aClock(), taking('75', jan('05 10:00')));
    const clock = resume(pause(warned, jan('05 10:00')), jan('05 12:00'));
    expect(ahead(clock, office)).toEqual([
      ['100', jan('05 13:00')],
      ['150', jan('05 15:00')],
    ]);
  });
});

describe('taking a step', () => {
  const due = jan('05 11:00');
  const breach = { due, at: due, targetSeconds: 4 * hour, withdrawnAt: null };

  it('records a breach at the deadline, once', () => {
    const clock = pass(aClock(), taking('100', due));
    expect(clock.breaches).toEqual([breach]);
    expect(pass(clock, taking('100', due))).toBe(clock);
  });

  it('records no breach at any other', () => {
    expect(pass(aClock(), taking('150', jan('05 13:00'))).breaches).toEqual([]);
  });

  it('is known by step, repetition, when it was due and the target, not by when it happened', () => {
    const clock = pass(aClock(), taking('100', due));
    expect(pass(clock, taking('100', due, jan('06 11:00')))).toBe(clock);
    expect(pass(clock, { ...taking('100', due), time: 1, isBreach: false }).passed).toHaveLength(2);
    expect(pass(clock, taking('150', due)).passed).toHaveLength(2);
    const other = retarget(clock, terms(8), jan('05 12:00'));
    expect(pass(other, taking('100', due)).passed).toHaveLength(2);
  });

  it('counts at the very instant at which the clock ceased to run', () => {
    for (const clock of [pause(aClock(), due), stop(aClock(), due), cancel(aClock(), due)]) {
      expect(pass(clock, taking('100', due)).breaches.map(({ at }) => at)).toEqual([due]);
    }
  });

  it('is ignored after the clock ceased to run', () => {
    const at = jan('02 16:00');
    for (const clock of [pause(aClock(), at), stop(aClock(), at), cancel(aClock(), at)]) {
      expect(pass(clock, taking('100', due))).toBe(clock);
    }
  });
});
