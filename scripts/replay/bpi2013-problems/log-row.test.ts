import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from './log-row';

const text = readFileSync(join(__dirname, '../bpi2013/fixtures/problems.csv'), 'utf8');

describe('reading the log of problems', () => {
  const rows = readLog(text);
  const of = (ticket: string) => rows.filter((row) => row.ticket === ticket);
  const places = (ticket: string) => of(ticket).map(({ place }) => place);

  it('puts rows of all problems in the order of their times', () => {
    const times = rows.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Date(times[0] ?? 0).toISOString()).toBe('2026-01-05T08:01:00.000Z');
    expect(new Set(rows.map(({ ticket }) => ticket)).size).toBe(20);
  });

  it('has a queue of its own place only behind work that was begun', () => {
    expect(places('9-002')).toEqual(['logged', 'investigating', 'closed']);
    expect(places('9-003')).toEqual(['investigating', 'queued', 'investigating', 'closed']);
  });

  it('leaves what was given to somebody where the work stood', () => {
    expect(places('9-008')).toEqual(['logged', 'investigating', 'closed']);
    expect(places('9-020')).toEqual([
      'investigating',
      'fixInProgress',
      'fixInProgress',
      'cancelled',
    ]);
  });

  it('keeps open what the log goes on with after an end', () => {
    expect(places('9-011')).toEqual(['investigating', 'resolved', 'investigating', 'closed']);
    expect(places('9-012')).toEqual(['investigating', 'resolved', 'investigating', 'closed']);
    expect(of('9-012').map(({ resolution }) => resolution.code)).toEqual([
      null,
      'obsolete',
      null,
      'fixed',
    ]);
  });

  it('says nothing about the state where the log says Unmatched', () => {
    expect(places('9-014')).toEqual(['investigating', 'same', 'closed']);
  });

  it('gives a problem to whoever acts next, and to nobody while it is queued', () => {
    expect(of('9-010').map(({ kept }) => [kept.team, kept.assignee])).toEqual([
      ['North 2nd', null],
      ['North 2nd', 'Carl'],
      ['South 3rd', null],
      ['South 3rd', 'Åke'],
      ['South 3rd', 'Åke'],
    ]);
  });

  it('parts a major impact from a high one', () => {
    const impact = (ticket: string) =>
      of(ticket).map((row) => [row.kept.impact, row.opening.isMajor])[0];
    expect(impact('9-016')).toEqual(['high', true]);
    expect(impact('9-003')).toEqual(['high', false]);
  });

  it.each([
    ['a status that the mapping does not know', 'In Progress', 'Parked', 'Accepted+Parked'],
    ['an impact that the mapping does not know', 'Medium', 'Odd', 'Odd'],
    ['a day that does not exist', '2026-01-05', '2026-02-31', '2026-02-31'],
    ['a row without a team', 'North 2nd', '', 'organization involved'],
  ])('refuses %s and names row and text', (_, word, by, named) => {
    const bad = text.replace(word, by);
    expect(() => readLog(bad)).toThrow(/Row 1 of the log/);
    expect(() => readLog(bad)).toThrow(named);
  });
});
