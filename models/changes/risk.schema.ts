/** Answers about risk and plans as people send them. */
import { z } from 'zod';
import { levels } from '../tickets/ticket';
import { backOuts, planKinds, testEvidences, type PlanKind, type RiskAnswers } from './risk';

export const RiskAnswersInput = z.strictObject({
  impact: z.enum(levels).describe('On the business, should it go wrong.'),
  testEvidence: z.enum(testEvidences).describe('Whether it was tried.'),
  backOut: z.enum(backOuts).describe('Whether there is a way back.'),
} satisfies Record<keyof RiskAnswers, z.ZodType>);

const Plan = z.string().trim().max(20_000);

/** Each as text; one that is absent or empty is not there. */
export const PlansInput = z.strictObject({
  implementation: Plan.optional(),
  test: Plan.optional(),
  backOut: Plan.optional(),
  communication: Plan.optional(),
} satisfies Record<PlanKind, z.ZodType>);

export type Plans = z.output<typeof PlansInput>;

/** Those of `needed` that nobody has written. */
export function plansMissing(plans: Plans, needed: readonly PlanKind[]): PlanKind[] {
  return planKinds.filter((kind) => needed.includes(kind) && (plans[kind] ?? '') === '');
}
