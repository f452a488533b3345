import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from './journal';
import type { Told } from './telling';
import type { RowTale } from './turn';

const told: Told = {
  id: '0197d9f5-0000-7000-8000-00000000000a',
  number: 'INC0000001',
  seen: {
    ...{ state: 'onHold', holdReason: 'vendor', hasAssignee: true, override: null },
    ...{ isMajor: false, owesReview: false },
  },
};

function tale(line: number): RowTale {
  const why = 'Accepted+In Progress → Accepted+Assigned';
  return { line, ticket: '1', fate: 'impossible', why, commands: 2, stoppedAt: 'active' };
}

describe('the progress of a replay', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'holdfast-journal-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('knows in a later run what became of each row, and how its ticket stood', () => {
    const first = openJournal(folder, 'the log');
    first.keep(tale(7), told);
    first.keep({ ...tale(8), stoppedAt: undefined }, undefined);
    const later = openJournal(folder, 'the log');
    expect(later.entryOf(7)).toEqual({ tale: tale(7), told });
    expect(later.entryOf(8)).toEqual({
      tale: { ...tale(8), stoppedAt: undefined },
      told: undefined,
    });
    expect(later.entryOf(9)).toBeUndefined();
  });

  it('forgets a row that a killed run had not written to its end, and goes on behind the others', () => {
    const first = openJournal(folder, 'the log');
    first.keep(tale(7), told);
    appendFileSync(join(folder, 'progress.jsonl'), '{"tale":{"line":8,"ti');
    const second = openJournal(folder, 'the log');
    expect(second.entryOf(8)).toBeUndefined();
    second.keep(tale(8), told);
    const third = openJournal(folder, 'the log');
    expect([7, 8].map((line) => third.entryOf(line)?.tale.line)).toEqual([7, 8]);
    expect(readFileSync(join(folder, 'progress.jsonl'), 'utf8').split('\n')).toHaveLength(4);
  });

  it('is not taken for that of another log', () => {
    openJournal(folder, 'the log');
    expect(() => openJournal(folder, 'another log')).toThrow('another log');
  });
});
