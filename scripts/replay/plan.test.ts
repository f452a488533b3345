import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixOf } from './blueprint';
import type { LogRow } from './log-row';
import { readLog } from './uci/log-row';
import { placeOfForeign } from './uci/mapping';
import { changedColumns, fieldCommands, keptAfter, nextMove, type Rules, type Seen } from './plan';

const rows = readLog(readFileSync(join(__dirname, 'uci', 'fixtures', 'small.csv'), 'utf8'));
const rules: Rules = {
  directory: {
    team: (name) => name,
    person: (name) => name,
    category: (name) => name,
    service: (name) => name,
  },
  matrix: matrixOf(rows),
};
const fresh: Seen = {
  ...{ state: 'new', holdReason: null, hasAssignee: false, override: null },
  ...{ isMajor: false, owesReview: false },
};

function row(ticket: string, index: number): LogRow {
  const found = rows.filter((one) => one.ticket === ticket)[index];
  if (!found) throw new Error('The fixture has no such row');
  return found;
}

/** A row of this state; the rest is as in the first row of the first ticket. */
function rowOfState(state: string, kept: Partial<LogRow['kept']> = {}): LogRow {
  const base = row('INC0009001', 0);
  return {
    ...base,
    place: placeOfForeign[state] ?? 'same',
    kept: { ...base.kept, state, ...kept },
  };
}

describe('commands for the fields of a row', () => {
  const [before, later] = [row('INC0009001', 1), row('INC0009001', 3)];

  it('gives none when nothing that we keep changed', () => {
    expect(fieldCommands(before.kept, before, fresh, rules)).toEqual([]);
  });

  it('prioritizes by an agent as long as the priority follows from the matrix', () => {
    expect(fieldCommands(before.kept, later, fresh, rules)[0]).toEqual({
      name: 'prioritize',
      body: { impact: 'high', urgency: 'medium' },
      by: 'agent',
    });
  });

  it('names team and person together, so that another team leaves the person as the log does', () => {
    expect(fieldCommands(before.kept, later, fresh, rules)[1]).toEqual({
      name: 'assign',
      body: { teamId: 'Group 2', assigneeId: 'Resolver 1' },
      by: 'agent',
    });
  });

  it('takes a ticket from everybody when the log says so', () => {
    const nobody = rowOfState('New', { team: null, assignee: null });
    expect(fieldCommands(later.kept, nobody, fresh, rules).map(({ body }) => body)).toContainEqual({
      teamId: null,
      assigneeId: null,
    });
  });

  it('puts work that was begun into the queue of another team by a functional escalation', () => {
    const queued = rowOfState('New', { team: 'Group 2', assignee: null });
    const working = rowOfState('Active', { team: 'Group 1', assignee: 'Resolver 1' });
    const commandsIn = (seen: Partial<Seen>) =>
      fieldCommands(working.kept, queued, { ...fresh, ...seen }, rules).map(({ name }) => name);
    expect(commandsIn({ state: 'inProgress' })).toEqual(['escalate']);
    expect(commandsIn({ state: 'onHold', holdReason: 'vendor' })).toEqual(['escalate']);
    expect(commandsIn({ state: 'assigned' })).toEqual(['assign']);
  });

  it('leaves work with its team when the log puts it back without naming another one', () => {
    const queued = rowOfState('New', { team: 'Group 1', assignee: null });
    const held = { ...queued.kept, assignee: 'Resolver 1' };
    const working = { ...fresh, state: 'inProgress' };
    expect(fieldCommands(held, queued, working, rules).map(({ name }) => name)).toEqual(['assign']);
  });

  it('classifies when the category changed', () => {
    const [first, second] = [row('INC0009001', 0), row('INC0009001', 1)];
    expect(fieldCommands(first.kept, second, fresh, rules)).toEqual([
      { name: 'classify', body: { categoryId: 'Category 2' }, by: 'agent' },
    ]);
  });

  it('lets a manager override a priority that does not follow, with a reason', () => {
    const [first, second] = [row('INC0009002', 0), row('INC0009002', 1)];
    expect(fieldCommands(first.kept, second, fresh, rules)).toEqual([
      {
        name: 'prioritize',
        body: { impact: 'low', urgency: 'low', override: 'P1', reason: 'The log says P1.' },
        by: 'manager',
      },
    ]);
  });

  it('does not repeat an override that stands', () => {
    const [second, third] = [row('INC0009002', 1), row('INC0009002', 2)];
    expect(fieldCommands(second.kept, third, { ...fresh, override: 'P1' }, rules)).toEqual([]);
  });

  it('takes an override back when the priority follows again', () => {
    const [third, last] = [row('INC0009002', 2), row('INC0009002', 3)];
    expect(fieldCommands(third.kept, last, { ...fresh, override: 'P1' }, rules)).toEqual([
      {
        name: 'prioritize',
        body: { impact: 'low', urgency: 'low', override: null },
        by: 'manager',
      },
    ]);
  });
});

describe('the next move to the state of a row', () => {
  const moveFrom = (seen: Partial<Seen>, to: LogRow) => {
    const move = nextMove(to, { ...fresh, ...seen }, rules);
    return typeof move === 'string' ? move : move.name;
  };
  const onHold = { state: 'onHold', holdReason: 'customer' };

  it.each<[Partial<Seen>, string, string]>([
    [{ state: 'new' }, 'New', 'arrived'],
    [{ state: 'assigned' }, 'New', 'arrived'],
    [{ state: 'new' }, 'Active', 'start'],
    [{ state: 'assigned' }, 'Active', 'start'],
    [{ state: 'new' }, 'Awaiting User Info', 'hold'],
    [onHold, 'Awaiting User Info', 'arrived'],
    [onHold, 'Awaiting Evidence', 'arrived'],
    [onHold, 'Awaiting Problem', 'hold'],
    [onHold, 'Active', 'resume'],
    [onHold, 'New', 'resume'],
    [onHold, 'Resolved', 'resolve'],
    [{ state: 'inProgress' }, 'Closed', 'resolve'],
    [{ state: 'resolved' }, 'Closed', 'close'],
    [{ state: 'resolved' }, 'Resolved', 'arrived'],
    [{ state: 'resolved' }, 'Active', 'reopen'],
    [{ state: 'resolved' }, 'Awaiting Vendor', 'reopen'],
    [{ state: 'resolved', hasAssignee: true }, 'New', 'assign'],
    [{ state: 'resolved', hasAssignee: false }, 'New', 'reopen'],
    [{ state: 'inProgress' }, 'Canceled', 'cancel'],
    [{ state: 'inProgress' }, '-100', 'arrived'],
    [{ state: 'inProgress' }, 'New', 'impossible'],
    [{ state: 'closed' }, 'Active', 'impossible'],
    [{ state: 'cancelled' }, 'Closed', 'impossible'],
  ])('from %j to %s is %s', (seen, state, move) => {
    expect(moveFrom(seen, rowOfState(state))).toBe(move);
  });

  it('gives a reopened ticket back to whom the log leaves it', () => {
    const again = row('INC0009003', 2);
    expect(nextMove(again, { ...fresh, state: 'assigned' }, rules)).toMatchObject({
      name: 'assign',
      body: { assigneeId: 'Resolver 2' },
    });
    expect(moveFrom({ state: 'assigned', hasAssignee: true }, again)).toBe('arrived');
  });

  it.each([
    ['Awaiting User Info', 'customer'],
    ['Awaiting Evidence', 'customer'],
    ['Awaiting Problem', 'problem'],
    ['Awaiting Vendor', 'vendor'],
  ])('holds %s for the reason %s', (state, reason) => {
    expect(nextMove(rowOfState(state), fresh, rules)).toMatchObject({ body: { reason } });
  });

  it('resolves with the closed_code of the log, or says that there is none', () => {
    expect(nextMove(row('INC0009001', 3), fresh, rules)).toMatchObject({
      body: { code: 'code 1' },
    });
    expect(nextMove(row('INC0009002', 3), fresh, rules)).toMatchObject({
      body: { code: 'notRecorded', notes: 'Resolved in the log by: nobody named.' },
    });
  });
});

describe('what a row leaves', () => {
  it('keeps the state before when the log says -100', () => {
    const [second, third] = [row('INC0009002', 1), row('INC0009002', 2)];
    expect(keptAfter(second.kept, third).state).toBe('Active');
    expect(keptAfter(third.kept, second).state).toBe('Active');
  });

  it('names the columns that changed, but not those that every row changes', () => {
    const [second, third] = [row('INC0009002', 1), row('INC0009002', 2)];
    expect(changedColumns(second, third)).toEqual(['incident_state', 'subcategory']);
    expect(changedColumns(undefined, second)).toEqual([]);
  });
});
