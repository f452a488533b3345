/** What only changes have, beside the fields of every ticket. */
import { z } from 'zod';
import { riskLevels } from '../../models/changes/risk';
import { PlansInput, RiskAnswersInput } from '../../models/changes/risk.schema';
import { RoundsShape } from '../approvals/rounds';
import { ReviewShape } from '../review';
import { kinds, outcomes } from './inputs';

const at = z.iso.datetime();
const who = z.uuid().nullable();

const Risk = z.object({
  score: z.int().describe('0 to 100.'),
  level: z.enum(riskLevels),
  factors: z.array(
    z.object({
      factor: z.string(),
      score: z.number(),
      weight: z.number(),
      share: z.number().describe('Which part of the score comes from it; together 1.'),
      why: z.string(),
    }),
  ),
});

const Task = z.object({
  id: z.uuid(),
  title: z.string(),
  order: z.int(),
  assigneeId: who,
  state: z.enum(['open', 'done', 'dropped']),
  note: z.string().nullable(),
  endedAt: at.nullable(),
  endedById: who,
});
export type Task = z.infer<typeof Task>;

export const ChangeDetailsShape = z.object({
  kind: z.enum(kinds),
  templateId: z.uuid().nullable(),
  templateVersion: z.int().nullable(),
  serviceIds: z.array(z.uuid()),
  configurationItems: z.array(z.string()),
  plans: PlansInput,
  answers: RiskAnswersInput.nullable(),
  risk: Risk.nullable(),
  cost: z.number().nullable(),
  backOutMinutes: z.int(),
  freezeException: z
    .object({
      reason: z.string(),
      freezeIds: z.array(z.uuid()).describe('Those that it was asked about; no later ones.'),
    })
    .nullable(),
  boardId: z.uuid().nullable(),
  authority: z.enum(['peer', 'manager', 'cab', 'ecab']).nullable().describe('Who was asked.'),
  approval: RoundsShape.nullable(),
  approvedByIds: z.array(z.uuid()),
  tasks: z.array(Task),
  implementation: z
    .object({ startedAt: at, byId: who, endedAt: at.nullable(), overruns: z.int() })
    .nullable(),
  backOut: z.object({ startedAt: at, reason: z.string() }).nullable(),
  outcome: z.enum(outcomes).nullable(),
  review: ReviewShape.nullable(),
  reason: z.string().nullable().describe('Why it was rejected or cancelled.'),
});

export type ChangeDetails = Readonly<z.infer<typeof ChangeDetailsShape>>;

export const freshChange: ChangeDetails = {
  kind: 'normal',
  templateId: null,
  templateVersion: null,
  serviceIds: [],
  configurationItems: [],
  plans: {},
  answers: null,
  risk: null,
  cost: null,
  backOutMinutes: 30,
  freezeException: null,
  boardId: null,
  authority: null,
  approval: null,
  approvedByIds: [],
  tasks: [],
  implementation: null,
  backOut: null,
  outcome: null,
  review: null,
  reason: null,
};
