/**
 * Rounds of approval as a part of another process: stages in sequence, the rounds of a stage in parallel.
 * The process keeps `approval` in its details, declares the signal `approvalDecided`, and asks here.
 */
import { z } from 'zod';
import { ApproverSpec } from '../../models/approvals/approvers';
import { Quorum } from '../../models/approvals/quorum';
import { hashOf, Shown } from '../../models/approvals/shown';
import type { Fact } from '../../models/tickets/fact';
import { birthIdOf } from '../../models/tickets/identity';
import type { Next } from '../../models/tickets/next';
import { expiries } from './inputs';

/** One round, as the process that asks has it. */
const RoundPlan = z.object({
  name: z.string(),
  approvers: z.array(ApproverSpec),
  quorum: Quorum,
  barredIds: z.array(z.uuid()),
  answersByEngine: z.boolean(),
  expiresInHours: z.number(),
  onExpiry: z.enum(expiries),
  remindEveryHours: z.number().nullable(),
});
export type RoundPlan = Readonly<z.infer<typeof RoundPlan>>;
export type Stage = readonly RoundPlan[];

export const RoundsShape = z.object({
  shown: Shown,
  shownHash: z.string(),
  stages: z.array(z.array(RoundPlan)),
  stage: z.int().describe('The one that is asked now, counted from 0.'),
  rounds: z.array(
    z.object({
      id: z.uuid().describe('Of the approval.'),
      stage: z.int(),
      place: z.int(),
      result: z.string().nullable(),
    }),
  ),
});
export type Rounds = Readonly<z.infer<typeof RoundsShape>>;

/** What a round says when it has ended. */
export const RoundDecided = z.object({
  approvalId: z.uuid(),
  result: z.enum(['approved', 'rejected', 'expired', 'recalled']),
  reason: z.string(),
  byId: z.uuid().nullable(),
  shownHash: z.string(),
  answers: z.array(z.object({ approverId: z.uuid(), byId: z.uuid(), answer: z.string() })),
});
export type RoundDecided = z.infer<typeof RoundDecided>;

export interface Asking {
  readonly approval: Rounds | null;
}

/** Opens the rounds of the first stage. Throws when nobody is to be asked: that would wait for ever. */
export function askFor<D extends Asking>(
  so: Next<D>,
  cause: string,
  { stages, shown }: { readonly stages: readonly Stage[]; readonly shown: Shown },
): Next<D> {
  const asked = stages.filter((stage) => stage.length > 0).map((stage) => [...stage]);
  if (asked.length === 0) throw new Error('There is no round to open');
  const rounds: Rounds = {
    ...{ shown: { ...shown }, shownHash: hashOf(shown), stage: 0, rounds: [] },
    stages: asked,
  };
  return openStage(keep(so, rounds), cause, 0);
}

/** What came of a round for the whole: undefined while others are still to be decided. */
export interface Heard<D> {
  readonly so: Next<D>;
  readonly verdict?: 'approved' | RoundDecided['result'];
}

export function roundDecided<D extends Asking>(
  so: Next<D>,
  { cause, input }: Pick<Fact<RoundDecided>, 'cause' | 'input'>,
): Heard<D> {
  const state = so.ticket.details.approval;
  const round = state?.rounds.find(({ id }) => id === input.approvalId);
  if (!state || round?.result !== null) {
    return { so: so.event('approvalDecided', { ...input, counts: false }, 'internal') };
  }
  const told = so.event('approvalDecided', { ...input });
  // Decided on what was shown before, while the word of the change was on its way.
  if (input.shownHash !== state.shownHash) return { so: openInstead(told, cause, [round.id]) };
  const noted = keep(told, {
    ...state,
    rounds: state.rounds.map((one) =>
      one.id === round.id ? { ...one, result: input.result } : one,
    ),
  });
  if (input.result !== 'approved') {
    return { so: withdrawRounds(noted, 'another round has ended'), verdict: input.result };
  }
  return afterApproval(noted, cause);
}

function afterApproval<D extends Asking>(so: Next<D>, cause: string): Heard<D> {
  const { approval: state } = so.ticket.details;
  if (!state) return { so };
  const { stage, stages, rounds } = state;
  const isDone = rounds.every((one) => one.stage !== stage || one.result === 'approved');
  if (!isDone) return { so };
  if (stage + 1 >= stages.length) return { so, verdict: 'approved' };
  return { so: openStage(keep(so, { ...state, stage: stage + 1 }), cause, stage + 1) };
}

/** What is asked about has changed: all begins anew with the first stage; running rounds are told. */
export function restateRounds<D extends Asking>(
  so: Next<D>,
  cause: string,
  shown: Shown,
  stages: readonly Stage[] = so.ticket.details.approval?.stages ?? [],
): Next<D> {
  const state = so.ticket.details.approval;
  if (!state || hashOf(shown) === state.shownHash) return so;
  const first = state.rounds.filter(({ stage }) => stage === 0);
  const later = state.rounds.filter(({ stage }) => stage > 0);
  const isRunning = ({ result }: Rounds['rounds'][number]) => result === null;
  const restated = keep(so, {
    ...state,
    ...{ shown: { ...shown }, shownHash: hashOf(shown), stage: 0, rounds: first },
    stages: stages.map((stage) => [...stage]),
  });
  const told = first.filter(isRunning).reduce((one, { id, place }) => {
    const { barredIds = [], expiresInHours } = stages[0]?.[place] ?? {};
    const input = { shown, barredIds, ...(expiresInHours !== undefined && { expiresInHours }) };
    return one.send({ ticketId: id, name: 'restated', input });
  }, restated);
  const without = later
    .filter(isRunning)
    .reduce((one, { id }) => withdraw(one, id, 'restated'), told);
  const over = first.filter((one) => !isRunning(one)).map(({ id }) => id);
  return openInstead(without, cause, over);
}

/** Running rounds end: nobody needs their answers any more, and what they still say counts no more. */
export function withdrawRounds<D extends Asking>(so: Next<D>, reason: string): Next<D> {
  const state = so.ticket.details.approval;
  if (!state) return so;
  const running = state.rounds.filter(({ result }) => result === null);
  const ended = keep(so, {
    ...state,
    rounds: state.rounds.map((one) => ({ ...one, result: one.result ?? 'recalled' })),
  });
  return running.reduce((one, { id }) => withdraw(one, id, reason), ended);
}

function withdraw<D>(so: Next<D>, ticketId: string, reason: string): Next<D> {
  return so.send({ ticketId, name: 'withdrawn', input: { reason } });
}

function openStage<D extends Asking>(so: Next<D>, cause: string, stage: number): Next<D> {
  const plans = so.ticket.details.approval?.stages[stage] ?? [];
  return plans.reduce((one, _, place) => openRound(one, cause, { stage, place }), so);
}

/** In place of rounds that have ended, the same ones anew. */
function openInstead<D extends Asking>(
  so: Next<D>,
  cause: string,
  ended: readonly string[],
): Next<D> {
  const state = so.ticket.details.approval;
  if (!state) return so;
  const places = state.rounds.filter(({ id }) => ended.includes(id));
  const rest = state.rounds.filter(({ id }) => !ended.includes(id));
  return places.reduce(
    (one, { stage, place }) => openRound(one, cause, { stage, place }),
    keep(so, { ...state, rounds: rest }),
  );
}

function openRound<D extends Asking>(
  so: Next<D>,
  cause: string,
  { stage, place }: { readonly stage: number; readonly place: number },
): Next<D> {
  const state = so.ticket.details.approval;
  const plan = state?.stages[stage]?.[place];
  if (!state || !plan) return so;
  const { ticket } = so;
  const { name, ...terms } = plan;
  const id = birthIdOf(ticket.id, cause, so.owed.births.length);
  const born = so.open({
    type: 'approval',
    link: 'approvalOf',
    input: {
      ...terms,
      title: `${name}: ${ticket.title}`.slice(0, 200),
      description: ticket.description,
      subjectId: ticket.id,
      shown: state.shown,
      requesterId: ticket.requesterId,
      serviceId: ticket.serviceId,
    },
  });
  return keep(born, { ...state, rounds: [...state.rounds, { id, stage, place, result: null }] });
}

function keep<D extends Asking>(so: Next<D>, approval: Rounds): Next<D> {
  const patch: Partial<Asking> = { approval };
  return so.details(patch as Partial<D>);
}
