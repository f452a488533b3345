/** What only rounds of approval have, beside the fields of every ticket. */
import { z } from 'zod';
import { ApproverSpec } from '../../models/approvals/approvers';
import { answers, Quorum } from '../../models/approvals/quorum';
import { Shown } from '../../models/approvals/shown';
import { expiries } from './inputs';

const at = z.iso.datetime();

const Vote = z.object({
  approverId: z.uuid(),
  byId: z.uuid().describe('Who answered: the approver, or whoever stood in for them.'),
  answer: z.enum(answers),
  comment: z.string().nullable(),
  via: z.string().describe('`api`, or `signal`: by the engine, where nobody signs in.'),
  at,
});

export const ApprovalDetailsShape = z.object({
  subject: z.object({ id: z.uuid(), type: z.string(), number: z.string() }).nullable(),
  shown: Shown,
  shownHash: z.string().describe('SHA-256 of what is shown; every vote is bound to it.'),
  approvers: z.array(ApproverSpec),
  quorum: Quorum,
  mayApproveOwn: z.boolean(),
  barredIds: z.array(z.uuid()),
  answersByEngine: z.boolean(),
  expiresInHours: z.number(),
  onExpiry: z.enum(expiries),
  remindEveryHours: z.number().nullable(),
  voters: z.array(z.object({ id: z.uuid(), hasVeto: z.boolean(), because: z.string() })),
  watches: z.array(z.string()).describe('What the voters were found by.'),
  votes: z.array(Vote),
  round: z.int().describe('How often it was asked: once more each time what is shown changed.'),
  outcome: z
    .object({ result: z.string(), reason: z.string(), byId: z.uuid().nullable() })
    .nullable(),
});

export type ApprovalDetails = Readonly<z.infer<typeof ApprovalDetailsShape>>;
export type Vote = z.infer<typeof Vote>;

export const freshApproval: ApprovalDetails = {
  subject: null,
  shown: {},
  shownHash: '',
  approvers: [],
  quorum: { kind: 'everyone' },
  mayApproveOwn: false,
  barredIds: [],
  answersByEngine: true,
  expiresInHours: 168,
  onExpiry: 'reject',
  remindEveryHours: null,
  voters: [],
  watches: [],
  votes: [],
  round: 1,
  outcome: null,
};
