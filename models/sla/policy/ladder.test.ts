import { aClock, jan, terms } from '../../../tests/clocks';
import { businessHours } from '../calendar';
import { retarget } from '../clock';
import { rungsOf, sideOf, standardLadder } from './ladder';
import type { Step, StepTime } from './shape';

const office = businessHours('UTC');
const hour = 3_600;
const step = (key: string, at?: StepTime): Step => ({ key, actions: [], ...(at && { at }) });
/** Four hours from Friday 15:00, due on Monday 11:00. */
const rungs = (...steps: Step[]) =>
  rungsOf(aClock(), steps, office).map(({ key, due, side }) => [key, due, side]);

describe('the steps of a ladder', () => {
  it('are due at a share of the target, in working time', () => {
    expect(rungs(step('half', { percent: 50 }), step('late', { percent: 125 }))).toEqual([
      ['half', jan('02 17:00'), 'before'],
      ['breach', jan('05 11:00'), 'deadline'],
      ['late', jan('05 12:00'), 'after'],
    ]);
  });

  it('are due so many working seconds before and after the deadline', () => {
    const [early, late] = [-3 * hour, 7 * hour];
    expect(
      rungs(step('early', { workingSeconds: early }), step('late', { workingSeconds: late })),
    ).toEqual([
      ['early', jan('02 16:00'), 'before'],
      ['breach', jan('05 11:00'), 'deadline'],
      ['late', jan('06 10:00'), 'after'],
    ]);
  });

  it('are due so many real seconds before and after the deadline', () => {
    const [early, late] = [-24 * hour, 24 * hour];
    expect(rungs(step('early', { seconds: early }), step('late', { seconds: late }))).toEqual([
      ['early', jan('04 11:00'), 'before'],
      ['breach', jan('05 11:00'), 'deadline'],
      ['late', jan('06 11:00'), 'after'],
    ]);
  });

  it('are never due before the clock counts', () => {
    expect(
      rungs(step('a', { seconds: -900 * hour }), step('b', { workingSeconds: -90 * hour })),
    ).toEqual([
      ['a', jan('02 15:00'), 'before'],
      ['b', jan('02 15:00'), 'before'],
      ['breach', jan('05 11:00'), 'deadline'],
    ]);
  });

  it.each<StepTime>([{ percent: 100 }, { workingSeconds: 0 }, { seconds: 0 }])(
    'have the deadline once, also where one of them is it: %j',
    (time) => {
      const [only, ...others] = rungsOf(aClock(), [step('mine', time)], office);
      expect(only).toMatchObject({ key: 'mine', isBreach: true, side: 'deadline' });
      expect(others).toEqual([]);
    },
  );

  it('at the same instant are in the order of the ladder, and only the first is the breach', () => {
    const both = [step('b', { percent: 100 }), step('a', { seconds: 0 })];
    expect(rungsOf(aClock(), both, office).map(({ key, isBreach }) => [key, isBreach])).toEqual([
      ['b', true],
      ['a', false],
    ]);
  });

  it('that have no time of their own are not due by themselves', () => {
    expect(rungs(step('page'))).toEqual([['breach', jan('05 11:00'), 'deadline']]);
    expect(sideOf(step('page'))).toBe('after');
  });

  it('happen no earlier than their terms held', () => {
    const strict = retarget(aClock(), terms(1), jan('05 10:00'));
    const seen = rungsOf(strict, standardLadder, office);
    expect(seen.map(({ key, due, happensAt }) => [key, due, happensAt])).toEqual([
      ['75', jan('02 15:45'), jan('05 10:00')],
      ['100', jan('02 16:00'), jan('05 10:00')],
      ['150', jan('02 16:30'), jan('05 10:00')],
    ]);
  });

  it('are, unless a target says otherwise, a warning, the breach and an escalation', () => {
    expect(standardLadder.map(({ key, at }) => [key, at])).toEqual([
      ['75', { percent: 75 }],
      ['100', { percent: 100 }],
      ['150', { percent: 150 }],
    ]);
  });
});
