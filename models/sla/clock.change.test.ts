import { ahead, aClock, jan, taking, terms } from '../../tests/clocks';
import { businessHours, roundTheClock } from './calendar';
import {
  areAlike,
  areSame,
  cancel,
  dueAt,
  pass,
  pause,
  resume,
  retarget,
  stop,
  withdrawn,
} from './clock';

const hour = 3600;
const office = businessHours('UTC');
const due = jan('05 11:00');

describe('other terms', () => {
  it('count from the start', () => {
    const clock = retarget(aClock(), terms(1), jan('02 15:30'));
    expect(clock).toMatchObject({ countsFrom: jan('02 15:00'), termsSince: jan('02 15:30') });
    expect(dueAt(clock, office)).toBe(jan('02 16:00'));
  });

  it('count from the change when they say restart', () => {
    const clock = retarget(aClock(), terms(1, { onChange: 'restart' }), jan('02 15:30'));
    expect(clock).toMatchObject({ startedAt: jan('02 15:00'), countsFrom: jan('02 15:30') });
    expect(dueAt(clock, office)).toBe(jan('02 16:30'));
  });

  it('that keep what has elapsed after a restart count from that restart', () => {
    const restarted = retarget(aClock(), terms(1, { onChange: 'restart' }), jan('02 15:30'));
    const clock = retarget(restarted, terms(2), jan('02 16:00'));
    expect(dueAt(clock, office)).toBe(jan('05 09:30'));
  });

  it('forget pauses that ended before a restart', () => {
    const held = resume(pause(aClock(), jan('02 15:15')), jan('02 15:20'));
    const clock = retarget(held, terms(1, { onChange: 'restart' }), jan('02 15:30'));
    expect(dueAt(clock, office)).toBe(jan('02 16:30'));
  });

  it('can make a clock overdue: a breach from the change on, as nothing was late by them before', () => {
    const clock = retarget(aClock(), terms(1), jan('05 09:30'));
    expect(dueAt(clock, office)).toBe(jan('02 16:00'));
    expect(ahead(clock, office)).toContainEqual(['100', jan('05 09:30')]);
  });

  it('leave the former ones with the stretch in which they held', () => {
    const clock = retarget(aClock(), terms(1), jan('05 09:30'));
    expect(clock.former).toEqual([
      { terms: terms(4), since: jan('02 15:00'), until: jan('05 09:30') },
    ]);
  });

  it('that come late never hold before those that they follow', () => {
    const clock = retarget(
      retarget(aClock(), terms(1), jan('05 09:30')),
      terms(8),
      jan('02 16:00'),
    );
    expect(clock.termsSince).toBe(jan('05 09:30'));
    expect(clock.former.at(-1)).toMatchObject({ since: jan('05 09:30'), until: jan('05 09:30') });
  });

  it('keep the breaches of the former ones, and threaten anew', () => {
    const strict = retarget(aClock(), terms(1), jan('02 15:30'));
    const breached = pass(strict, taking('100', jan('02 16:00')));
    const clock = retarget(breached, terms(4), jan('05 09:00'));
    expect(clock.breaches).toEqual(breached.breaches);
    expect(ahead(clock, office).map(([key]) => key)).toEqual(['75', '100', '150']);
  });

  it('and back know what was taken when it was due at the very same instants', () => {
    const warned = pass(aClock(), taking('75', jan('05 10:00')));
    const strict = retarget(warned, terms(1), jan('05 10:10'));
    const back = retarget(strict, terms(4), jan('05 10:20'));
    expect(ahead(back, office)).toEqual(ahead(warned, office));
  });

  it('on another calendar take the steps again, at their new instants', () => {
    const warned = pass(aClock(), taking('75', jan('05 10:00')));
    const always = terms(4, { calendar: { id: 'always', version: 1 } });
    const clock = retarget(warned, always, jan('05 10:30'));
    expect(ahead(clock, roundTheClock)[0]).toEqual(['75', jan('05 10:30')]);
  });

  it('are alike on another version of the same calendar, but not the same', () => {
    const edited = terms(4, { calendar: { id: 'office', version: 2 } });
    expect(areAlike(terms(4), edited)).toBe(true);
    expect(areSame(terms(4), edited)).toBe(false);
    expect(areSame(terms(4), terms(4))).toBe(true);
  });

  it.each([
    ['target', { targetSeconds: 1 }],
    ['calendar', { calendar: { id: 'always', version: 1 } }],
    ['policy', { policy: { id: 'other', version: 1 } }],
    ['version of the policy', { policy: { id: 'standard', version: 2 } }],
    ['way to change', { onChange: 'restart' as const }],
  ])('of another %s are not alike', (_, other) => {
    expect(areAlike(terms(4), terms(4, other))).toBe(false);
  });

  it('are not alike by another rule, unless a clock is older than rules', () => {
    expect(areAlike(terms(4, { rule: 'VIP' }), terms(4, { rule: 'All' }))).toBe(false);
    expect(areAlike(terms(4, { rule: null }), terms(4, { rule: 'All' }))).toBe(true);
  });
});

describe('a fact that arrives late', () => {
  const warned = pass(aClock(), taking('75', jan('05 10:00')));
  const breached = pass(warned, taking('100', due));
  const breach = { due, at: due, targetSeconds: 4 * hour };

  it.each([
    ['stop', stop],
    ['pause', pause],
    ['cancel', cancel],
  ])('withdraws the later breach and step by a %s', (_name, apply) => {
    const clock = apply(breached, jan('05 10:30'));
    const gone = { ...breach, withdrawnAt: jan('05 10:30') };
    expect(clock.breaches).toEqual([gone]);
    expect(withdrawn(breached, clock)).toEqual({
      breaches: [gone],
      passed: [{ step: '100', time: 0, ...breach }],
    });
    expect(clock.passed.map(({ step }) => step)).toEqual(['75']);
  });

  it('withdraws nothing at the deadline itself', () => {
    const clock = stop(breached, due);
    expect(withdrawn(breached, clock)).toEqual({ breaches: [], passed: [] });
    expect(clock.breaches).toEqual(breached.breaches);
  });

  it('lets the deadline be broken again later', () => {
    const clock = resume(pause(breached, jan('05 10:30')), jan('05 12:00'));
    expect(ahead(clock, office)[0]).toEqual(['100', jan('05 12:30')]);
    const again = pass(clock, taking('100', jan('05 12:30')));
    expect(again.breaches.map(({ withdrawnAt }) => withdrawnAt)).toEqual([jan('05 10:30'), null]);
  });

  it('leaves breaches of former terms', () => {
    const clock = stop(retarget(breached, terms(8), jan('05 12:00')), jan('05 10:30'));
    expect(clock.breaches).toEqual(breached.breaches);
  });

  it('says what it withdrew only once', () => {
    const paused = pause(breached, jan('05 10:30'));
    const resumed = resume(paused, jan('05 12:00'));
    expect(withdrawn(paused, resumed)).toEqual({ breaches: [], passed: [] });
  });

  it('stops a clock earlier that was stopped already, and withdraws what had been late', () => {
    const stopped = stop(breached, jan('05 12:00'));
    const earlier = stop(stopped, jan('05 10:30'));
    expect(earlier).toMatchObject({ state: 'stopped', stoppedAt: jan('05 10:30') });
    expect(earlier.breaches).toEqual([{ ...breach, withdrawnAt: jan('05 10:30') }]);
    expect(stop(stopped, jan('05 13:00'))).toBe(stopped);
  });
});
