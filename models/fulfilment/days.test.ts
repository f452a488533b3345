import { beginOfDay, dayOf, endOfDay } from './days';
import { filled, placeholdersIn } from './filled';

describe('days of a plan', () => {
  it('are those of the zone', () => {
    expect(dayOf('2026-11-01T23:30:00.000Z', 'Europe/Vienna')).toBe('2026-11-02');
    expect(dayOf('2026-11-01T23:30:00.000Z', 'America/New_York')).toBe('2026-11-01');
  });

  it('begin and end at midnight, also where a day has 23 or 25 hours', () => {
    expect(beginOfDay('2026-10-25', 0, 'Europe/Vienna')).toBe('2026-10-24T22:00:00.000Z');
    expect(endOfDay('2026-10-25', 0, 'Europe/Vienna')).toBe('2026-10-25T23:00:00.000Z');
    expect(beginOfDay('2026-03-30', -1, 'Europe/Vienna')).toBe('2026-03-28T23:00:00.000Z');
    expect(endOfDay('2026-03-30', -1, 'Europe/Vienna')).toBe('2026-03-29T22:00:00.000Z');
  });
});

describe('inputs of automatic tasks', () => {
  const reach = {
    answers: { laptop: 'big', screens: 2, tags: ['a'] },
    results: { account: { id: 'u7' } },
  };

  it('take values as they are, and as words within a text', () => {
    const input = {
      kind: '{answers.laptop}',
      count: '{answers.screens}',
      text: 'For {results.account.id}: {answers.screens} screens, {answers.tags}',
      list: ['{answers.tags}', 7, null],
    };
    expect(filled(input, reach)).toEqual({
      kind: 'big',
      count: 2,
      text: 'For u7: 2 screens, ["a"]',
      list: [['a'], 7, null],
    });
  });

  it('take null, or nothing within a text, for what is not there', () => {
    expect(filled({ a: '{answers.none}', b: '<{results.x.y}>' }, reach)).toEqual({
      a: null,
      b: '<>',
    });
    expect(filled('{answers.constructor}', reach)).toBeNull();
  });

  it('are never filled twice: what an answer says is no placeholder', () => {
    const sly = { answers: { name: '{results.account.id}' }, results: reach.results };
    expect(filled({ a: 'x {answers.name}', b: '{answers.name}' }, sly)).toEqual({
      a: 'x {results.account.id}',
      b: '{results.account.id}',
    });
  });

  it('tell their placeholders', () => {
    expect(placeholdersIn({ a: '{answers.a} {results.b}', c: ['{answers.d.e}'] })).toEqual([
      'answers.a',
      'results.b',
      'answers.d.e',
    ]);
  });
});
