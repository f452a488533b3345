import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from './log-row';

const text = readFileSync(join(__dirname, 'fixtures', 'small.csv'), 'utf8');

describe('reading the Volvo log', () => {
  const rows = readLog(text);
  const of = (ticket: string) => rows.filter((row) => row.ticket === ticket);

  it('puts rows of all tickets in the order of their times, equal ones as in the file', () => {
    expect(rows.map(({ at, line }) => [at, line])).toEqual(
      [...rows].sort((a, b) => a.at - b.at || a.line - b.line).map(({ at, line }) => [at, line]),
    );
    expect(rows.slice(0, 5).map(({ line }) => line)).toEqual([1, 8, 14, 15, 19]);
    expect(rows).toHaveLength(27);
  });

  it('reads times without a zone as UTC', () => {
    expect(new Date(rows[0]?.at ?? 0).toISOString()).toBe('2026-01-05T08:00:00.000Z');
  });

  it('gives a ticket to whoever accepts it, and to nobody while it is queued', () => {
    expect(of('1').map(({ kept }) => [kept.team, kept.assignee])).toEqual([
      ['Desk', 'Anna'],
      ['Queue', null],
      ['Desk', 'Åke'],
      ['Desk', 'Åke'],
      ['Desk', 'Åke'],
      ['Desk', 'Åke'],
      ['Desk', 'Åke'],
    ]);
  });

  it('gives a ticket that was assigned to whoever acts next', () => {
    expect(of('2').map(({ kept }) => kept.assignee)).toEqual([
      null,
      'Berta Maria',
      'Berta Maria',
      'Carl',
      'Carl',
      'Carl',
    ]);
  });

  it('says nothing about the state where the log says Unmatched', () => {
    expect(of('5').map(({ place }) => place)).toEqual([
      'resolved',
      'same',
      'active',
      'hold:customer',
    ]);
  });

  it('keeps apart what was solved during the call', () => {
    expect(of('2').at(-1)?.resolution).toEqual({ code: 'inCall', by: 'Carl' });
    expect(of('1').at(-2)?.resolution).toEqual({ code: null, by: 'Åke' });
  });

  it.each([
    [
      'a status that the mapping does not know',
      'Accepted+In Progress,Anna',
      'Parked,Anna',
      'Parked',
    ],
    ['a day that does not exist', '2026-01-05T08:00:00', '2026-02-31T08:00:00', '2026-02-31'],
    ['a time in another form', '2026-01-05T08:00:00', '05.01.2026 08:00', '05.01.2026'],
    ['a row without a case', '1,Accepted', ',Accepted', 'caseid'],
  ])('refuses %s and names row and text', (_, word, by, named) => {
    const bad = text.replace(word, by);
    expect(() => readLog(bad)).toThrow(/Row 1 of the log/);
    expect(() => readLog(bad)).toThrow(named);
  });
});
