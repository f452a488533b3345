import { msOf, type Instant } from '../instant';
import { businessHours } from '../sla/calendar';
import { pick } from './pick';
import type { Candidate, Picked, PickingTeam, Question } from './shape';

/** A Monday. */
const at: Instant = '2026-03-02T10:00:00.000Z';
const blank: Omit<Candidate, 'id' | 'name'> = {
  ...{ skills: [], capacity: null, isAbsent: false, open: {}, lastTurn: null },
  lastAssignedAt: null,
};
const person = (id: string, more: Partial<Candidate> = {}): Candidate => {
  return { ...blank, id, name: id, ...more };
};
const having = (id: string, p3: number, more: Partial<Candidate> = {}) =>
  person(id, { open: { P3: p3 }, ...more });

const question: Question = { priority: 'P3', requiredSkills: [], lastHandlerId: null, at };
const by = (assignment: PickingTeam['assignment'], more: Partial<PickingTeam> = {}) => ({
  ...{ name: 'Network', calendar: null, ...more },
  assignment,
});
const leastLoaded = by({ strategy: 'leastLoaded' });
const roundRobin = by({ strategy: 'roundRobin' });

const told = (picked: Picked) =>
  'waits' in picked ? picked.waits.what : `${picked.assigneeId}: ${picked.reason}`;
const minutesTo = (picked: Picked) =>
  'waits' in picked ? (msOf(picked.waits.until) - msOf(at)) / 60_000 : undefined;

describe('the least loaded', () => {
  it('has the fewest open, and the others are named', () => {
    const people = [having('a', 3), having('b', 7), having('c', 2), having('d', 5)];
    expect(told(pick(leastLoaded, people, question))).toBe(
      'c: least loaded of 4: 2 open against 3, 5, 7',
    );
  });

  it('is whoever has waited longest among those who have as little to do', () => {
    const people = [
      having('a', 1, { lastTurn: 9 }),
      having('b', 1, { lastTurn: 4 }),
      having('c', 2),
    ];
    expect(told(pick(leastLoaded, people, question))).toBe(
      'b: least loaded of 3: 1 open against 1, 2; of 2 alike the longest waiting',
    );
  });

  it('is weighed by priority: one P1 is more than six P3', () => {
    const people = [person('a', { open: { P1: 1 } }), having('b', 6)];
    expect(told(pick(leastLoaded, people, question))).toBe(
      'b: least loaded of 2: 6 open (weight 18) against 1 (weight 20)',
    );
  });

  it('is so relative to capacity: half of 10 is less than 4 of 5', () => {
    const people = [having('a', 4, { capacity: 5 }), having('b', 5, { capacity: 10 })];
    expect(told(pick(leastLoaded, people, question))).toBe(
      'b: least loaded of 2: 5 of 10 open (weight 15) against 4 of 5 (weight 12)',
    );
  });

  it('counts the new one, too: a P1 goes to whoever can carry it', () => {
    const people = [having('a', 0, { capacity: 1 }), having('b', 1, { capacity: 10 })];
    expect(pick(leastLoaded, people, { ...question, priority: 'P1' })).toMatchObject({
      assigneeId: 'b',
    });
  });

  it('takes somebody without a limit for one who takes as much as anybody in the team', () => {
    const people = [having('a', 3), having('b', 4, { capacity: 10 })];
    expect(pick(leastLoaded, people, question)).toMatchObject({ assigneeId: 'a' });
  });

  it('names the first of many', () => {
    const people = Array.from({ length: 12 }, (_, k) => having(`p${k + 10}`, k));
    expect(told(pick(leastLoaded, people, question))).toBe(
      'p10: least loaded of 12: 0 open against 1, 2, 3, 4, 5, 6, 7, 8 and 3 more',
    );
  });
});

describe('in turn', () => {
  it('whoever has had none comes first, then whoever had theirs first', () => {
    const people = [
      having('a', 0, { lastTurn: 2, lastAssignedAt: at }),
      having('b', 9, { lastTurn: 1, lastAssignedAt: at }),
    ];
    expect(told(pick(roundRobin, people, question))).toBe(
      `b: next in turn of 2: had the last one ${at}`,
    );
    expect(told(pick(roundRobin, [...people, having('c', 20)], question))).toBe(
      'c: next in turn of 3: has had none yet',
    );
  });

  it('says who was not asked', () => {
    const people = [
      person('a', { isAbsent: true }),
      having('b', 2, { capacity: 2 }),
      ...[person('c'), person('d', { lastTurn: 1 })],
    ];
    expect(told(pick(roundRobin, people, question))).toBe(
      'c: next in turn of 2: has had none yet; not asked: 1 at capacity, 1 absent',
    );
  });
});

describe('the last handler', () => {
  const sticky = by({ strategy: 'roundRobin', sticky: true });
  const asked = { ...question, lastHandlerId: 'b' };

  it('takes it when the team is sticky', () => {
    const people = [person('a'), having('b', 4, { lastTurn: 7 })];
    expect(told(pick(sticky, people, asked))).toBe(
      'b: had the last ticket of this requester: 4 open',
    );
    expect(pick(roundRobin, people, asked)).toMatchObject({ assigneeId: 'a' });
  });

  it.each([
    ['absent', { isAbsent: true }],
    ['at capacity', { capacity: 0 }],
  ])('does not when they are %s', (_, more) => {
    const people = [person('a'), person('b', more)];
    expect(pick(sticky, people, asked)).toMatchObject({ assigneeId: 'a' });
  });
});

describe('skills', () => {
  const bySkills = by({ strategy: 'leastLoaded', bySkills: true });
  const linux = { ...question, requiredSkills: ['Linux', 'SAP'] };

  it('must be there, all of them, in whichever letters', () => {
    const people = [
      person('a', { skills: ['Linux'] }),
      having('b', 5, { skills: ['sap', 'LINUX'] }),
    ];
    expect(told(pick(bySkills, people, linux))).toBe(
      'b: the only one of 2 who can take it: 5 open; not asked: 1 without the skills',
    );
    expect(pick(leastLoaded, people, linux)).toMatchObject({ assigneeId: 'a' });
  });

  it('that nobody has are waited for', () => {
    const waiting = pick(bySkills, [person('a', { skills: ['SAP'] })], linux);
    expect([told(waiting), minutesTo(waiting)]).toEqual([
      'It waits for somebody of Network with the skills Linux, SAP.',
      30,
    ]);
  });
});

describe('it waits', () => {
  const hours = { calendar: businessHours('UTC') };
  const night = { ...question, at: '2026-03-06T17:00:00.000Z' };

  it('for the working hours of the team, to the instant', () => {
    const team = by({ strategy: 'roundRobin', inWorkingHours: true }, hours);
    expect(pick(team, [person('a')], night)).toEqual({
      waits: {
        until: '2026-03-09T09:00:00.000Z',
        what: 'It waits for working hours of Network.',
      },
    });
    expect(pick(team, [person('a')], question)).toMatchObject({ assigneeId: 'a' });
    expect(pick(by({ strategy: 'roundRobin' }, hours), [person('a')], night)).toMatchObject({
      assigneeId: 'a',
    });
  });

  it('for working hours that there are no more, and looks again', () => {
    const calendar = { timezone: 'UTC', weekly: {} };
    const waiting = pick(
      by({ strategy: 'roundRobin', inWorkingHours: true }, { calendar }),
      [person('a')],
      question,
    );
    expect([told(waiting), minutesTo(waiting)]).toEqual([
      'It waits for working hours of Network: there are none.',
      30,
    ]);
  });

  it('while all are at capacity or absent, five minutes at a time', () => {
    const people = [having('a', 3, { capacity: 3 }), person('b', { isAbsent: true })];
    const waiting = pick(leastLoaded, people, question);
    expect([told(waiting), minutesTo(waiting)]).toEqual([
      'It waits for somebody of Network: 1 at capacity, 1 absent.',
      5,
    ]);
  });

  it('while nobody is in the team', () => {
    expect(told(pick(leastLoaded, [], question))).toBe(
      'It waits for somebody to work for Network.',
    );
  });
});
