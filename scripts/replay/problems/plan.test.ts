import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from '../bpi2013-problems/log-row';
import type { Place } from '../place';
import type { Rules, Seen } from '../plan';
import { matrixOf } from '../blueprint';
import { fieldCommands, nextMove } from './plan';

const rows = readLog(readFileSync(join(__dirname, '../bpi2013/fixtures/problems.csv'), 'utf8'));
const rules: Rules = {
  directory: {
    team: (name) => name,
    person: (name) => name,
    category: (name) => name,
    service: (name) => name,
  },
  matrix: matrixOf(rows),
};

function seen(state: string, more: Partial<Seen> = {}): Seen {
  return {
    ...{ state, holdReason: null, hasAssignee: true, override: null },
    ...{ isMajor: false, owesReview: false, ...more },
  };
}

function rowAt(place: Place | 'same', ticket = '9-001') {
  const row = rows.find((one) => one.ticket === ticket);
  if (!row) throw new Error('The fixture has no such problem');
  return { ...row, place };
}

function move(place: Place | 'same', now: Seen): string {
  const next = nextMove(rowAt(place), now, rules);
  return typeof next === 'string' ? next : next.name;
}

describe('the next command for a problem', () => {
  it.each<[Place | 'same', Seen, string]>([
    ['investigating', seen('logged'), 'investigate'],
    ['investigating', seen('fixInProgress'), 'investigate'],
    ['investigating', seen('resolved'), 'reopen'],
    ['investigating', seen('investigating'), 'arrived'],
    // Nobody could be given it.
    ['investigating', seen('investigating', { hasAssignee: false }), 'impossible'],
    ['fixInProgress', seen('logged'), 'investigate'],
    ['fixInProgress', seen('investigating'), 'startFix'],
    ['queued', seen('investigating'), 'assign'],
    ['queued', seen('logged'), 'investigate'],
    ['queued', seen('fixInProgress', { hasAssignee: false }), 'arrived'],
    ['resolved', seen('investigating'), 'resolve'],
    ['closed', seen('fixInProgress'), 'resolve'],
    ['closed', seen('resolved', { owesReview: true }), 'review'],
    ['closed', seen('resolved'), 'close'],
    ['cancelled', seen('logged'), 'cancel'],
    ['cancelled', seen('resolved'), 'impossible'],
    ['logged', seen('resolved'), 'impossible'],
    ['logged', seen('investigating'), 'impossible'],
    ['investigating', seen('closed'), 'impossible'],
    ['same', seen('closed'), 'arrived'],
  ])('to be %s from %j is %s', (place, now, name) => {
    expect(move(place, now)).toBe(name);
  });
});

describe('commands for the fields of a problem', () => {
  it('give it to team and person together, and to nobody twice', () => {
    const { kept } = rowAt('investigating');
    const nobodys = { ...kept, team: null, assignee: null };
    expect(fieldCommands(nobodys, rowAt('investigating'), seen('logged'), rules)).toEqual([
      { name: 'assign', body: { teamId: 'North 2nd', assigneeId: 'Anna' }, by: 'agent' },
    ]);
    expect(fieldCommands(kept, rowAt('investigating'), seen('logged'), rules)).toEqual([]);
  });

  it('declare a major problem once, by a manager', () => {
    const row = rowAt('investigating', '9-016');
    expect(fieldCommands(row.kept, row, seen('logged'), rules)).toMatchObject([
      { name: 'declareMajor', by: 'manager' },
    ]);
    expect(fieldCommands(row.kept, row, seen('logged', { isMajor: true }), rules)).toEqual([]);
  });
});
