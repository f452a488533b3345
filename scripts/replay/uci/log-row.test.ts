import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstTickets } from '../log-row';
import { readLog } from './log-row';

const text = readFileSync(join(__dirname, 'fixtures', 'small.csv'), 'utf8');
const header = text.split('\n')[0] ?? '';

/** The made-up log with one word of its first row replaced. */
const spoilt = (word: string, by: string) => text.replace(word, by);

describe('reading a log', () => {
  const rows = readLog(text);

  it('puts rows in the order of their time stamps', () => {
    const stamps = rows.map(({ at }) => at);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    expect(rows).toHaveLength(13);
  });

  it('keeps the order of sys_mod_count at equal time stamps', () => {
    const first = rows.filter(({ ticket }) => ticket === 'INC0009001');
    expect(first.map(({ modCount }) => modCount)).toEqual([0, 1, 2, 3, 4]);
    expect(first.map(({ line }) => line)).toEqual([1, 3, 2, 4, 5]);
  });

  it('reads times without a zone as UTC', () => {
    expect(new Date(rows[0]?.at ?? 0).toISOString()).toBe('2026-01-05T08:00:00.000Z');
  });

  it('reads a question mark as missing', () => {
    const second = rows.find(({ ticket }) => ticket === 'INC0009002');
    expect(second?.kept).toEqual({
      state: 'Awaiting User Info',
      team: null,
      assignee: null,
      impact: 'low',
      urgency: 'low',
      priority: 'P4',
      category: 'Category 1',
    });
  });

  it('keeps double blanks in names', () => {
    expect(rows[0]?.cells['resolved_by']).toBe('Resolved by  7');
  });

  it('reads a file with a byte order mark and carriage returns', () => {
    expect(readLog(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(rows);
  });

  it('takes the first tickets as the log begins them, with all of their rows', () => {
    const two = firstTickets(rows, 2);
    expect([...new Set(two.map(({ ticket }) => ticket))]).toEqual(['INC0009001', 'INC0009003']);
    expect(two).toHaveLength(9);
    expect(firstTickets(rows)).toHaveLength(13);
  });

  it.each([
    ['a day that does not exist', spoilt('05-01-2026 08:00', '31-02-2026 08:00'), '31-02-2026'],
    ['a time in another form', spoilt('05-01-2026 08:00', '2026-01-05 08:00'), '2026-01-05 08:00'],
    ['a state that the mapping does not know', spoilt('New', 'Parked'), 'Parked'],
    ['a state that is a word of JavaScript', spoilt('New', 'constructor'), 'constructor'],
    ['a level that the mapping does not know', spoilt('2 - Medium', '9 - Odd'), '9 - Odd'],
  ])('refuses %s and names row and text', (_, bad, named) => {
    expect(() => readLog(bad)).toThrow(/Row 1 of the log/);
    expect(() => readLog(bad)).toThrow(named);
  });

  it('names the column that is missing', () => {
    expect(() => readLog(text.replace(',assigned_to,', ',somebody,'))).toThrow(/assigned_to/);
  });

  it('reads a log of no rows as no rows', () => {
    expect(readLog(`${header}\n`)).toEqual([]);
  });
});
