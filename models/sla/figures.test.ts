import { aClock, jan, taking, terms } from '../../tests/clocks';
import { businessHours } from './calendar';
import { cancel, pass, pause, reopen, resume, retarget, stop } from './clock';
import { figures } from './figures';

const hour = 3600;
const office = businessHours('UTC');

/** Four hours from Friday 15:00, due on Monday 11:00. */
const clock = aClock({ kind: 'OLA', teamId: 'network' });

describe('the figures of a running clock', () => {
  it('tell everything about it', () => {
    expect(figures(clock, office, jan('02 16:00'))).toEqual({
      id: 'resolution',
      kind: 'OLA',
      metric: 'resolution',
      state: 'running',
      teamId: 'network',
      targetSeconds: 4 * hour,
      dueAt: jan('05 11:00'),
      elapsedSeconds: hour,
      remainingSeconds: 3 * hour,
      percent: 25,
      breached: false,
      breachedAt: null,
      breaches: [],
    });
  });

  it('are breached from the deadline itself on, though nobody recorded it', () => {
    const breach = { at: jan('05 11:00'), targetSeconds: 4 * hour };
    expect(figures(clock, office, jan('05 10:59:59.999'))).toMatchObject({
      elapsedSeconds: 4 * hour - 1,
      remainingSeconds: 1,
      percent: 99.9,
      breached: false,
      breaches: [],
    });
    expect(figures(clock, office, jan('05 11:00'))).toMatchObject({
      remainingSeconds: 0,
      percent: 100,
      breached: true,
      breachedAt: jan('05 11:00'),
      breaches: [breach],
    });
    expect(figures(clock, office, jan('05 13:30'))).toMatchObject({
      remainingSeconds: -2.5 * hour,
      percent: 162.5,
      breachedAt: jan('05 11:00'),
      breaches: [breach],
    });
  });

  it('list a recorded breach once', () => {
    const recorded = pass(clock, taking('100', jan('05 11:00')));
    expect(figures(recorded, office, jan('05 12:00')).breaches).toEqual([
      { at: jan('05 11:00'), targetSeconds: 4 * hour },
    ]);
  });

  it('list the breaches of former terms beside the present one', () => {
    const strict = retarget(clock, terms(1), jan('02 15:30'));
    const back = retarget(pass(strict, taking('100', jan('02 16:00'))), terms(4), jan('05 09:00'));
    expect(figures(back, office, jan('05 12:00')).breaches).toEqual([
      { at: jan('02 16:00'), targetSeconds: hour },
      { at: jan('05 11:00'), targetSeconds: 4 * hour },
    ]);
    expect(figures(back, office, jan('05 10:00'))).toMatchObject({ breached: false });
  });

  it('are breached by other terms from the change on, which came after their deadline', () => {
    const strict = retarget(clock, terms(1), jan('05 09:30'));
    expect(figures(strict, office, jan('05 09:29'))).toMatchObject({ breachedAt: null });
    expect(figures(strict, office, jan('05 10:00'))).toMatchObject({
      ...{ dueAt: jan('02 16:00'), breached: true, breachedAt: jan('05 09:30'), percent: 300 },
      breaches: [{ at: jan('05 09:30'), targetSeconds: hour }],
    });
  });

  it('start again with terms that say so', () => {
    const anew = retarget(clock, terms(4, { onChange: 'restart' }), jan('05 10:00'));
    expect(figures(anew, office, jan('05 11:00'))).toMatchObject({
      ...{ elapsedSeconds: hour, percent: 25, dueAt: jan('05 14:00'), breached: false },
    });
  });

  it('have nothing elapsed before the start', () => {
    expect(figures(clock, office, jan('01 10:00'))).toMatchObject({
      elapsedSeconds: 0,
      percent: 0,
    });
  });
});

describe('the figures of a clock that does not run', () => {
  it('stand still while paused, without a deadline', () => {
    const paused = pause(clock, jan('05 10:00'));
    for (const now of [jan('05 10:00'), jan('08 10:00')]) {
      expect(figures(paused, office, now)).toMatchObject({
        state: 'paused',
        dueAt: null,
        elapsedSeconds: 3 * hour,
        breached: false,
      });
    }
  });

  it('stay breached in a pause after the deadline', () => {
    expect(figures(pause(clock, jan('05 12:00')), office, jan('08 10:00'))).toMatchObject({
      dueAt: null,
      breached: true,
      breachedAt: jan('05 11:00'),
    });
  });

  it('are judged by the stop: before the deadline kept, at it broken', () => {
    const now = jan('08 10:00');
    expect(figures(stop(clock, jan('05 10:59:59.999')), office, now)).toMatchObject({
      state: 'stopped',
      dueAt: jan('05 11:00'),
      breached: false,
    });
    expect(figures(stop(clock, jan('05 11:00')), office, now)).toMatchObject({
      breached: true,
      elapsedSeconds: 4 * hour,
    });
  });

  it('of a cancelled one are as of then, without a deadline', () => {
    expect(figures(cancel(clock, jan('02 16:00')), office, jan('08 10:00'))).toMatchObject({
      state: 'cancelled',
      dueAt: null,
      elapsedSeconds: hour,
      breached: false,
    });
  });

  it('do not list a breach that a late stop withdrew', () => {
    const late = stop(pass(clock, taking('100', jan('05 11:00'))), jan('05 10:00'));
    expect(figures(late, office, jan('08 10:00'))).toMatchObject({ breached: false, breaches: [] });
  });
});

describe('the figures as of a past instant', () => {
  const resumed = resume(pause(clock, jan('02 16:00')), jan('05 10:00'));
  const stopped = stop(resumed, jan('05 12:00'));
  const reopened = reopen(stopped, jan('06 09:00'));

  it.each([
    ['02 15:30', { state: 'running', elapsedSeconds: hour / 2, dueAt: jan('05 11:00') }],
    ['02 16:00', { state: 'paused', elapsedSeconds: hour, dueAt: null }],
    ['05 09:30', { state: 'paused', elapsedSeconds: hour, dueAt: null }],
    ['05 10:00', { state: 'running', elapsedSeconds: hour, dueAt: jan('05 13:00') }],
    ['05 12:00', { state: 'stopped', elapsedSeconds: 3 * hour, dueAt: jan('05 13:00') }],
    ['05 16:00', { state: 'stopped', elapsedSeconds: 3 * hour, dueAt: jan('05 13:00') }],
    ['06 09:00', { state: 'running', elapsedSeconds: 3 * hour, dueAt: jan('06 10:00') }],
  ])('at %s are as they were then', (at, expected) => {
    expect(figures(reopened, office, jan(at))).toMatchObject(expected);
  });

  it('do not know a breach that came later', () => {
    const breached = pass(clock, taking('100', jan('05 11:00')));
    expect(figures(breached, office, jan('05 10:00'))).toMatchObject({
      breached: false,
      breachedAt: null,
      breaches: [],
    });
  });
});
