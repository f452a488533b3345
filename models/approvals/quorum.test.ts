import * as fc from 'fast-check';
import { answers, verdictOf, type Ballot, type Quorum, type Verdict } from './quorum';

/** `a`: approved, `r`: refused, `-`: abstained; `R`: refused by somebody with a veto. */
const letters: Readonly<Record<string, Ballot>> = {
  a: { answer: 'approve', hasVeto: false },
  A: { answer: 'approve', hasVeto: true },
  r: { answer: 'reject', hasVeto: false },
  R: { answer: 'reject', hasVeto: true },
  '-': { answer: 'abstain', hasVeto: false },
};
const ballotsOf = (word: string) => Array.from(word, (letter) => letters[letter] ?? []).flat();
const kind = (name: 'majority' | 'everyone' | 'anyone' | 'first'): Quorum => ({ kind: name });
const count = (n: number): Quorum => ({ kind: 'count', n });
const percent = (share: number): Quorum => ({ kind: 'percent', percent: share });

describe('a round', () => {
  it.each<[Quorum, string, number, Verdict | undefined]>([
    [count(2), 'a', 2, undefined],
    [count(2), 'aa', 1, { result: 'approved', reason: 'quorum' }],
    [count(2), 'rr', 1, { result: 'rejected', reason: 'outOfQuorum' }],
    [count(2), 'a--', 0, { result: 'rejected', reason: 'outOfQuorum' }],
    [count(3), '', 2, { result: 'rejected', reason: 'outOfQuorum' }],
    [percent(60), 'aa', 3, undefined],
    [percent(60), 'aaa', 2, { result: 'approved', reason: 'quorum' }],
    [percent(60), 'rrr', 2, { result: 'rejected', reason: 'outOfQuorum' }],
    [percent(60), 'aa--', 1, { result: 'approved', reason: 'quorum' }],
    [percent(100), 'aaa', 0, { result: 'approved', reason: 'quorum' }],
    [percent(1), '--', 1, undefined],
    [kind('majority'), 'aa', 2, undefined],
    [kind('majority'), 'aarr', 0, { result: 'rejected', reason: 'outOfQuorum' }],
    [kind('majority'), 'aar', 0, { result: 'approved', reason: 'quorum' }],
    [kind('majority'), 'a--', 0, { result: 'approved', reason: 'quorum' }],
    [kind('everyone'), 'aa', 1, undefined],
    [kind('everyone'), 'aa-', 0, { result: 'approved', reason: 'quorum' }],
    [kind('everyone'), 'ar', 3, { result: 'rejected', reason: 'outOfQuorum' }],
    [kind('anyone'), 'rr', 1, undefined],
    [kind('anyone'), 'rra', 4, { result: 'approved', reason: 'quorum' }],
    [kind('anyone'), 'rrr', 0, { result: 'rejected', reason: 'outOfQuorum' }],
    [kind('first'), '', 3, undefined],
    [kind('first'), '-', 2, undefined],
    [kind('first'), '-a', 2, { result: 'approved', reason: 'firstAnswer' }],
    [kind('first'), 'ra', 2, { result: 'rejected', reason: 'firstAnswer' }],
    [kind('first'), '--', 0, { result: 'rejected', reason: 'nobodyAnswered' }],
    [kind('everyone'), '---', 0, { result: 'rejected', reason: 'nobodyAnswered' }],
    [kind('majority'), '', 0, { result: 'rejected', reason: 'nobodyAnswered' }],
    [kind('anyone'), 'aaR', 3, { result: 'rejected', reason: 'veto' }],
    [kind('anyone'), 'A', 3, { result: 'approved', reason: 'quorum' }],
    [kind('first'), 'aR', 3, { result: 'rejected', reason: 'veto' }],
  ])('of %j with "%s" and %i who are silent: %j', (quorum, word, open, verdict) => {
    expect(verdictOf(quorum, ballotsOf(word), open)).toEqual(verdict);
  });
});

const quorums = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), n: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
  fc.constantFrom(kind('majority'), kind('everyone'), kind('anyone'), kind('first')),
);
const ballots = fc.array(
  fc.record({ answer: fc.constantFrom(...answers), hasVeto: fc.boolean() }),
  { maxLength: 5 },
);
const silent = fc.integer({ min: 0, max: 4 });

/** Every end that a round can come to when the `open` others answer without vetoes. */
function endsOf(quorum: Quorum, cast: readonly Ballot[], open: number): Set<string | undefined> {
  if (open === 0) return new Set([verdictOf(quorum, cast, 0)?.result]);
  return new Set(
    answers.flatMap((answer) => [
      ...endsOf(quorum, [...cast, { answer, hasVeto: false }], open - 1),
    ]),
  );
}

describe('whatever the quorum and the answers', () => {
  it('it is decided when nobody is left to answer', () => {
    fc.assert(
      fc.property(quorums, ballots, (quorum, cast) => {
        expect(verdictOf(quorum, cast, 0)).toBeDefined();
      }),
    );
  });

  it('it is decided early exactly when the others could not change the end', () => {
    fc.assert(
      fc.property(quorums, ballots, silent, (quorum, cast, open) => {
        const ends = [...endsOf(quorum, cast, open)];
        const verdict = verdictOf(quorum, cast, open)?.result;
        expect(verdict).toBe(ends.length === 1 ? ends[0] : undefined);
      }),
    );
  });

  it('one more approval never turns an approval into a refusal, nor an open round into one', () => {
    fc.assert(
      fc.property(quorums, ballots, silent, (quorum, cast, open) => {
        const before = verdictOf(quorum, cast, open + 1)?.result;
        const yes: Ballot = { answer: 'approve', hasVeto: false };
        const after = verdictOf(quorum, [...cast, yes], open)?.result;
        if (before !== 'rejected') expect(after).not.toBe('rejected');
      }),
    );
  });

  it('a refusal with a veto ends it, and approves nothing', () => {
    fc.assert(
      fc.property(quorums, ballots, silent, (quorum, cast, open) => {
        const no: Ballot = { answer: 'reject', hasVeto: true };
        const verdict = verdictOf(quorum, [...cast, no], open);
        expect(verdict).toEqual({ result: 'rejected', reason: 'veto' });
      }),
    );
  });
});
