/** When a round of approval is decided: pure arithmetic over answers. */
import { z } from 'zod';

/** How many must approve. Whoever abstains does not count, but for `count`, which is a number of people. */
export const Quorum = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('count'), n: z.int().min(1).max(100) }),
    z.strictObject({ kind: z.literal('percent'), percent: z.int().min(1).max(100) }),
    z.strictObject({ kind: z.literal('majority') }).describe('More than half.'),
    z.strictObject({ kind: z.literal('everyone') }),
    z.strictObject({ kind: z.literal('anyone') }).describe('One is enough; all must refuse.'),
    z.strictObject({ kind: z.literal('first') }).describe('The first answer decides.'),
  ])
  .meta({ id: 'Quorum' });
export type Quorum = Readonly<z.infer<typeof Quorum>>;

export const answers = ['approve', 'reject', 'abstain'] as const;
export type Answer = (typeof answers)[number];

/** One answer, in the order in which they came. */
export interface Ballot {
  readonly answer: Answer;
  /** Their refusal alone ends the round. */
  readonly hasVeto: boolean;
}

export interface Verdict {
  readonly result: 'approved' | 'rejected';
  readonly reason: 'quorum' | 'outOfQuorum' | 'veto' | 'firstAnswer' | 'nobodyAnswered';
}

/**
 * What the answers so far decide, whatever the `open` others will say; undefined while it is open. With
 * nobody left to answer it is always decided.
 */
export function verdictOf(
  quorum: Quorum,
  ballots: readonly Ballot[],
  open: number,
): Verdict | undefined {
  if (ballots.some(({ answer, hasVeto }) => hasVeto && answer === 'reject'))
    return { result: 'rejected', reason: 'veto' };
  if (quorum.kind === 'first') return verdictOfFirst(ballots, open);
  const approvals = countOf(ballots, 'approve');
  const base = approvals + countOf(ballots, 'reject') + open;
  const needed = neededOf(quorum, base);
  if (approvals >= needed) return { result: 'approved', reason: 'quorum' };
  // An approval helps at least as much as an abstention, so this is the best that can come.
  if (approvals + open >= needed) return undefined;
  const reason = base === 0 ? 'nobodyAnswered' : 'outOfQuorum';
  return { result: 'rejected', reason };
}

/** At least one, so that nobody's silence approves. */
function neededOf(quorum: Exclude<Quorum, { kind: 'first' }>, base: number): number {
  switch (quorum.kind) {
    case 'count':
      return quorum.n;
    case 'percent':
      return Math.max(1, Math.ceil((base * quorum.percent) / 100));
    case 'majority':
      return Math.floor(base / 2) + 1;
    case 'everyone':
      return Math.max(1, base);
    case 'anyone':
      return 1;
  }
}

function verdictOfFirst(ballots: readonly Ballot[], open: number): Verdict | undefined {
  const first = ballots.find(({ answer }) => answer !== 'abstain');
  if (first) {
    return { result: first.answer === 'approve' ? 'approved' : 'rejected', reason: 'firstAnswer' };
  }
  return open > 0 ? undefined : { result: 'rejected', reason: 'nobodyAnswered' };
}

function countOf(ballots: readonly Ballot[], wanted: Answer): number {
  return ballots.filter(({ answer }) => answer === wanted).length;
}
