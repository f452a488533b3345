import { Refusal } from '../errors';
import { businessHours, roundTheClock, type Calendar } from './calendar';
import { answersTo, type Question } from './preview';

const at = (text: string) => new Date(`${text.replace(' ', 'T')}Z`).toISOString();
const office = businessHours('UTC');
const friday = at('2026-01-02 16:00');
const monday = at('2026-01-05 10:00');
const never: Calendar = { timezone: 'UTC', weekly: {} };
const once: Calendar = { ...never, overrides: { '2026-01-02': [['09:00', '17:00']] } };

function refused(calendar: Calendar, questions: readonly Question[]) {
  try {
    answersTo(calendar, questions);
  } catch (error) {
    if (error instanceof Refusal)
      return error.details.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return 'answered';
}

describe('questions to a calendar', () => {
  it('are answered in their order', () => {
    const answers = answersTo(office, [
      { kind: 'add', from: friday, workingSeconds: 7200 },
      { kind: 'add', from: monday, workingSeconds: -7200 },
      { kind: 'between', from: friday, to: monday },
      { kind: 'between', from: monday, to: friday },
      { kind: 'isOpen', at: at('2026-01-02 09:00') },
      { kind: 'isOpen', at: at('2026-01-02 17:00') },
      { kind: 'nextOpen', at: at('2026-01-02 17:00') },
      { kind: 'nextStart', at: friday },
      { kind: 'nextClose', at: friday },
      { kind: 'prevClose', at: at('2026-01-04 12:00') },
      { kind: 'intervals', from: friday, count: 2 },
    ]);
    expect(answers).toEqual([
      { dueAt: monday },
      { dueAt: friday },
      { workingSeconds: 7200 },
      { workingSeconds: -7200 },
      { isOpen: true },
      { isOpen: false },
      { at: at('2026-01-05 09:00') },
      { at: at('2026-01-05 09:00') },
      { at: at('2026-01-02 17:00') },
      { at: at('2026-01-02 17:00') },
      {
        intervals: [
          [friday, at('2026-01-02 17:00')],
          [at('2026-01-05 09:00'), at('2026-01-05 17:00')],
        ],
      },
    ]);
  });

  it('are exact to the millisecond', () => {
    const answers = answersTo(office, [
      { kind: 'add', from: at('2026-01-02 16:59:59.250'), workingSeconds: 1.501 },
      { kind: 'between', from: at('2026-01-02 16:59:59.250'), to: at('2026-01-05 09:00:00.751') },
    ]);
    expect(answers).toEqual([{ dueAt: at('2026-01-05 09:00:00.751') }, { workingSeconds: 1.501 }]);
  });

  it('for an opening or a closing that never comes are null', () => {
    for (const kind of ['nextOpen', 'nextStart', 'nextClose', 'prevClose'] as const)
      expect(answersTo(never, [{ kind, at: friday }])).toEqual([{ at: null }]);
    const always = ['nextStart', 'nextClose'] as const;
    for (const kind of always)
      expect(answersTo(roundTheClock, [{ kind, at: friday }])).toEqual([{ at: null }]);
  });

  it('to a calendar that does not open any more are answered as far as they can be', () => {
    const asked: Question[] = [
      { kind: 'isOpen', at: friday },
      { kind: 'between', from: friday, to: monday },
      { kind: 'add', from: friday, workingSeconds: 3600 },
      { kind: 'intervals', from: friday, count: 3 },
    ];
    expect(answersTo(once, asked)).toEqual([
      { isOpen: true },
      { workingSeconds: 3600 },
      { dueAt: at('2026-01-02 17:00') },
      { intervals: [[friday, at('2026-01-02 17:00')]] },
    ]);
    const more: Question = { kind: 'add', from: friday, workingSeconds: 3601 };
    expect(refused(once, [...asked, more])).toEqual(['/questions/4 never']);
  });

  it('cut at ten years what does not close', () => {
    const question: Question = { kind: 'intervals', from: friday, count: 3 };
    expect(answersTo(roundTheClock, [question])).toEqual([
      { intervals: [[friday, at('2036-01-03 16:00')]] },
    ]);
  });
});

describe('the cost of questions is bounded', () => {
  it('in time: beyond a hundred years nothing is counted', () => {
    expect(refused(office, [{ kind: 'add', from: friday, workingSeconds: 4e9 }])).toEqual([
      '/questions/0 too_big',
    ]);
  });

  it('in intervals that are listed together', () => {
    const question: Question = { kind: 'intervals', from: friday, count: 1_000 };
    expect(refused(office, Array<Question>(21).fill(question))).toEqual([
      '/questions/20/count too_big',
    ]);
  });

  it('in openings that are read, so that no calendar keeps everybody waiting', () => {
    const spans = Array.from({ length: 48 }, (_, n): [string, string] => {
      const hour = String(Math.floor(n / 2)).padStart(2, '0');
      return n % 2 === 0 ? [`${hour}:00`, `${hour}:20`] : [`${hour}:30`, `${hour}:50`];
    });
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
    const dense: Calendar = {
      timezone: 'Europe/Berlin',
      weekly: Object.fromEntries(days.map((day) => [day, spans])),
      // Every block has an exception, so that no block is a usual one.
      yearlyHolidays: Array.from({ length: 12 }, (_, n) => `${String(n + 1).padStart(2, '0')}-01`),
    };
    const begun = performance.now();
    const century: Question = { kind: 'between', from: at('1971-01-01 00:00'), to: friday };
    expect(refused(dense, [century])).toEqual(['/questions/0 too_big']);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
