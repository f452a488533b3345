import { differences, judgeOverdue, lostSince } from './compare';
import type { TicketRecord } from './record';

const at = '2026-11-23T10:00:00.000Z';
const later = '2026-11-23T11:00:00.000Z';
const entry = { key: 'sla.resolution.100', at, n: 1 };
const line = (version: number, cause: string, occurredAt = at) =>
  JSON.stringify({ version, cause, via: 'engine', occurred_at: occurredAt.replace('Z', '+00:00') });
const first = line(1, 'someone');
const breach = `${entry.key}@${at}/1`;

function ticket(change: Partial<TicketRecord> = {}): TicketRecord {
  return {
    ...{ id: 'a', name: 'acme/incident/INC0000001', isSettled: false, state: 'new', version: 1 },
    ...{ agenda: [entry], row: 'row', feed: [first], rest: 'rest', owed: [] },
    ...change,
  };
}
const records = (...all: TicketRecord[]) => new Map(all.map((one) => [one.id, one]));
const acted = ticket({ version: 2, row: 'row 2', agenda: [], feed: [first, line(2, breach)] });
const judged = (after: TicketRecord, before = ticket()) =>
  judgeOverdue(records(before), records(after), later).wrong.join('\n');

describe('a restored ticket', () => {
  it('is the same when every text of it is', () => {
    expect(differences(records(ticket()), records(ticket()))).toEqual([]);
  });

  it.each<[string, Partial<TicketRecord>]>([
    ['row', { row: 'another' }],
    ['feed', { feed: [] }],
    ['rest', { rest: 'another' }],
    ['owed', { owed: ['start'] }],
  ])('is another when its %s is another', (part, change) => {
    expect(differences(records(ticket()), records(ticket(change)))).toEqual([
      `acme/incident/INC0000001: its ${part} is another`,
    ]);
  });

  it('must neither be missing nor be new', () => {
    expect(differences(records(ticket()), records())).toEqual([
      'acme/incident/INC0000001 is missing',
    ]);
    expect(differences(records(), records(ticket()))).toEqual([
      'acme/incident/INC0000001 was not in the dump',
    ]);
  });
});

describe('a life that went on by itself', () => {
  it('acted on what was overdue, at its instant', () => {
    expect(judgeOverdue(records(ticket()), records(acted), later)).toEqual({
      ...{ entries: 1, wrong: [] },
    });
  });

  it('may have nothing to do yet', () => {
    const early = '2026-11-23T09:00:00.000Z';
    const { entries, wrong } = judgeOverdue(records(ticket()), records(ticket()), early);
    expect({ entries, wrong }).toEqual({ entries: 0, wrong: [] });
  });

  it('may have found that an earlier entry took a later one away', () => {
    const second = { key: 'sla.resolution.150', at: '2026-11-23T10:30:00.000Z', n: 1 };
    expect(judged(acted, ticket({ agenda: [entry, second] }))).toBe('');
  });

  it.each<[string, Partial<TicketRecord>]>([
    ['was not acted on', { agenda: [] }],
    ['is still overdue', { agenda: [entry] }],
    ['changed without a line', { agenda: [], row: 'another' }],
    ['is not of its instant', { ...acted, feed: [first, line(2, breach, later)] }],
    ['is not of its instant', { ...acted, feed: [first, line(2, 'a person')] }],
    ['a cause stands twice', { ...acted, version: 3, feed: [...acted.feed, line(3, breach)] }],
    ['has a gap', { ...acted, version: 3 }],
    ['lines of its feed changed', { ...acted, feed: ['{}', line(2, breach)] }],
    ['start was not delivered', { ...acted, owed: ['start'] }],
  ])('is found when: %s', (finding, change) => {
    expect(judged(ticket(change))).toContain(finding);
  });

  it('must not be missing', () => {
    expect(judgeOverdue(records(ticket()), records(), later).wrong).toEqual([
      'acme/incident/INC0000001 is missing',
    ]);
  });
});

it('counts what happened after the dump', () => {
  const lost = records(acted, ticket({ id: 'b', feed: [first] }));
  expect(lostSince(records(ticket()), lost)).toEqual({ tickets: 1, lines: 2 });
});
