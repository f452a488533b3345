/** What a meeting has decided, as rows: written before anything is carried to a round, so that nothing is lost. */
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import { toInstant } from '../../../models/instant';
import type { Actor } from '../../../models/users/actor';
import { Reference, referenceSql } from '../../http/reference';
import { sightOf, viewerOf } from '../../tickets/sight';
import type { SurfaceDeps } from '../deps';

export const results = ['approved', 'rejected'] as const;
export const outcomes = ['applied', 'refused', 'unknown'] as const;

export const outcome = {
  outcome: z
    .enum(outcomes)
    .describe('unknown = not carried out yet, as far as is known: repeat the call, it is safe.'),
  code: z.string().nullable().describe('Why it was refused.'),
  detail: z.string().nullable(),
};

export const Decision = z
  .object({
    approval: z.object({ id: z.uuid(), number: z.string(), title: z.string(), state: z.string() }),
    result: z.enum(results),
    comment: z.string().nullable(),
    attendees: z.array(Reference),
    decidedBy: Reference,
    decidedAt: z.iso.datetime(),
    ...outcome,
  })
  .meta({ id: 'MeetingDecision' });

type DecisionRow = Omit<z.infer<typeof Decision>, 'decidedAt'> & { readonly decidedAt: Date };

/** Those about rounds that they may see. */
export async function decisionsOf(
  tx: Tx,
  { approval }: Pick<SurfaceDeps, 'approval'>,
  actor: Actor,
  meetingId: string,
): Promise<z.infer<typeof Decision>[]> {
  const binds: unknown[] = [tx.organizationId, meetingId];
  const { isVisible } = sightOf(viewerOf(approval, actor), (value) => `$${binds.push(value)}`);
  const rows = await tx.rows<DecisionRow>(
    `select jsonb_build_object('id', t.id, 'number', t.number, 'title', t.title, 'state', t.state) as approval,
            d.result, d.comment, ${referenceSql('u')} as "decidedBy", d.decided_at as "decidedAt",
            d.outcome, d.code, d.detail,
            (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) order by a.name), '[]')
               from users a
              where a.organization_id = d.organization_id and a.id = any(d.attendee_ids)) as attendees
       from meeting_decisions d
       join tickets t on t.organization_id = d.organization_id and t.id = d.approval_id
       join users u on u.organization_id = d.organization_id and u.id = d.decided_by_id
      where d.organization_id = $1 and d.meeting_id = $2 and ${isVisible}
      order by d.decided_at, d.id`,
    binds,
  );
  return rows.map(({ decidedAt, ...row }) => ({ ...row, decidedAt: toInstant(decidedAt) }));
}

/** One to be carried to its round. */
export interface Recorded {
  /** Of the command that carries it. */
  readonly id: string;
  readonly approvalId: string;
  readonly result: (typeof results)[number];
  readonly comment: string | null;
  readonly attendeeIds: readonly string[];
  readonly decidedAt: Date;
  readonly outcome: (typeof outcomes)[number];
}

type NewDecision = Pick<Recorded, 'id' | 'approvalId' | 'result' | 'comment' | 'attendeeIds'>;

/** Writes down what is new and gives all of them as they were first written; `isNew` tells which. */
export async function recordDecisions(
  tx: Tx,
  meetingId: string,
  decidedById: string,
  decisions: readonly NewDecision[],
): Promise<(Recorded & { readonly isNew: boolean })[]> {
  const found: (Recorded & { readonly isNew: boolean })[] = [];
  for (const { id, approvalId, result, comment, attendeeIds } of decisions) {
    const made = await tx.rows(
      `insert into meeting_decisions (organization_id, meeting_id, id, approval_id, result, comment,
                                      attendee_ids, decided_by_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
      [tx.organizationId, meetingId, id, approvalId, result, comment, attendeeIds, decidedById],
    );
    const [row] = await tx.rows<Recorded>(
      `select id, approval_id as "approvalId", result, comment, attendee_ids as "attendeeIds",
              decided_at as "decidedAt", outcome
         from meeting_decisions where organization_id = $1 and meeting_id = $2 and id = $3`,
      [tx.organizationId, meetingId, id],
    );
    if (row) found.push({ ...row, isNew: made.length > 0 });
  }
  return found;
}

export interface CarriedOut {
  readonly outcome: (typeof outcomes)[number];
  readonly code: string | null;
  readonly detail: string | null;
}

/** What was applied stays so, whatever a repeat hears. */
export async function noteOutcome(
  tx: Tx,
  { meetingId, id }: { readonly meetingId: string; readonly id: string },
  { outcome: became, code, detail }: CarriedOut,
): Promise<void> {
  await tx.rows(
    `update meeting_decisions set outcome = $4, code = $5, detail = $6
      where organization_id = $1 and meeting_id = $2 and id = $3 and outcome <> 'applied'`,
    [tx.organizationId, meetingId, id, became, code, detail],
  );
}
