import * as fc from 'fast-check';
import { priorities } from '../tickets/ticket';
import { countOf, hasRoom } from './load';
import { pick } from './pick';
import type { Candidate, PickingTeam, Question } from './shape';

const skill = fc.constantFrom('Linux', 'SAP', 'Network');
const skills = fc.uniqueArray(skill, { maxLength: 3 });
const priority = fc.constantFrom(...priorities, null);
const count = fc.integer({ min: 0, max: 6 });
const open = fc.record({ P1: count, P3: count, none: count }, { requiredKeys: [] });
const candidate = fc.record({
  ...{ name: fc.constant('x'), skills, isAbsent: fc.boolean(), open },
  capacity: fc.option(fc.integer({ min: 0, max: 12 })),
  lastTurn: fc.option(fc.integer({ min: 1, max: 20 })),
  lastAssignedAt: fc.constant(null),
});
const candidates = fc
  .array(candidate, { maxLength: 8 })
  .map((all) => all.map((one, k): Candidate => ({ ...one, id: `person ${k}` })));
const strategy = fc.constantFrom('roundRobin' as const, 'leastLoaded' as const);
const team: fc.Arbitrary<PickingTeam> = fc
  .record({ strategy, bySkills: fc.boolean(), sticky: fc.boolean() })
  .map((assignment) => ({ name: 'Network', calendar: null, assignment }));
const question: fc.Arbitrary<Question> = fc.record({
  ...{ priority, requiredSkills: skills, at: fc.constant('2026-03-02T10:00:00.000Z') },
  lastHandlerId: fc.option(fc.constantFrom('person 0', 'person 3')),
});

describe('whoever is picked', () => {
  it('is there, has room and the skills; nobody is only when there is no such', () => {
    fc.assert(
      fc.property(team, candidates, question, (of, all, asked) => {
        const wanted = of.assignment.bySkills === true ? asked.requiredSkills : [];
        const fit = all.filter(
          (one) =>
            !one.isAbsent && hasRoom(one) && wanted.every((name) => one.skills.includes(name)),
        );
        const picked = pick(of, all, asked);
        if ('waits' in picked) expect([fit, picked.waits.until > asked.at]).toEqual([[], true]);
        else expect(fit.map(({ id }) => id)).toContain(picked.assigneeId);
      }),
    );
  });

  it('is the last handler whenever they can in a team that is sticky', () => {
    fc.assert(
      fc.property(candidates, question, (all, asked) => {
        const sticky = { strategy: 'leastLoaded', sticky: true } as const;
        const last = all.find(({ id }) => id === asked.lastHandlerId);
        fc.pre(last !== undefined && !last.isAbsent && hasRoom(last));
        const of = { name: 'Network', calendar: null, assignment: sticky };
        expect(pick(of, all, asked)).toMatchObject({ assigneeId: last.id });
      }),
    );
  });

  it('is the same in whichever order the people come', () => {
    const shuffled = candidates.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(team, shuffled, question, (of, [all, others], asked) => {
        expect(pick(of, others, asked)).toEqual(pick(of, all, asked));
      }),
    );
  });
});

describe('one ticket after the other', () => {
  /** What is given out stays with whoever got it. */
  function given(of: PickingTeam, people: readonly Candidate[], asked: Question, times: number) {
    let all = people;
    for (let turn = 1; turn <= times; turn += 1) {
      const picked = pick(of, all, asked);
      if ('waits' in picked) return { all, turn };
      all = all.map((one) =>
        one.id === picked.assigneeId
          ? { ...one, lastTurn: turn, open: { P3: countOf(one.open) + 1 } }
          : one,
      );
    }
    return { all, turn: times };
  }

  const equals = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.option(fc.integer({ min: 1, max: 9 })))
    .map(([people, capacity]) =>
      Array.from({ length: people }, (_, k): Candidate => {
        const own = { id: `person ${k}`, name: 'x', skills: [], isAbsent: false, open: {} };
        return { ...own, capacity, lastTurn: null, lastAssignedAt: null };
      }),
    );
  const asked: Question = {
    ...{ priority: 'P3', requiredSkills: [], lastHandlerId: null },
    at: '2026-03-02T10:00:00.000Z',
  };

  it('is spread over equal people within one, and never above their capacity', () => {
    fc.assert(
      fc.property(strategy, equals, fc.integer({ min: 0, max: 60 }), (by, people, times) => {
        const of = { name: 'Network', calendar: null, assignment: { strategy: by } };
        const { all } = given(of, people, asked, times);
        const counts = all.map((one) => countOf(one.open));
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        const most = people.reduce((sum, { capacity }) => sum + (capacity ?? times), 0);
        expect(counts.reduce((sum, one) => sum + one, 0)).toBe(Math.min(times, most));
      }),
    );
  });

  it('goes round by turns, whatever people have open already', () => {
    const uneven = candidates.map((all) =>
      all.map((one) => ({ ...one, isAbsent: false, capacity: null, lastTurn: null })),
    );
    fc.assert(
      fc.property(uneven, (people) => {
        fc.pre(people.length > 0);
        const of = { name: 'x', calendar: null, assignment: { strategy: 'roundRobin' } } as const;
        const { all } = given(of, people, asked, people.length);
        expect(all.map(({ lastTurn }) => lastTurn)).toEqual(people.map((_, k) => k + 1));
      }),
    );
  });
});
