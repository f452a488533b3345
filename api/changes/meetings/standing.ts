/** Who may sit in a meeting, and which rounds of approval it may decide. */
import { z } from 'zod';
import { ApproverSpec } from '../../../models/approvals/approvers';
import { boardOf } from '../../../models/changes/rows';
import type { Tx } from '../../../models/database';
import { watchOf } from './agenda';
import type { StoredMeeting } from './resource';

/**
 * The place of the first who is neither of the board nor stands in for somebody of it, at the time of the
 * meeting or now; undefined: there is none.
 */
export async function unknownAttendee(
  tx: Tx,
  { boardId, startsAt }: Pick<StoredMeeting, 'boardId' | 'startsAt'>,
  attendeeIds: readonly string[],
): Promise<number | undefined> {
  const members = (await boardOf(tx, boardId))?.members.map(({ id }) => id) ?? [];
  const rows = await tx.rows<{ id: string }>(
    `select u.id from users u
      where u.organization_id = $1 and u.id = any($2::uuid[]) and u.is_active and not u.is_service
        and (u.id = any($3::uuid[]) or exists (
              select 1 from delegations d
               where d.organization_id = u.organization_id and d.substitute_id = u.id
                 and d.user_id = any($3::uuid[])
                 and (tstzrange(d.starts_at, d.ends_at) @> $4::timestamptz
                      or tstzrange(d.starts_at, d.ends_at) @> clock_timestamp())))`,
    [tx.organizationId, attendeeIds, members, startsAt],
  );
  const known = new Set(rows.map(({ id }) => id));
  const index = attendeeIds.findIndex((id) => !known.has(id));
  return index === -1 ? undefined : index;
}

interface Round {
  /** Whether it asks nobody but the board and people of it. */
  readonly isWholly: boolean;
}

const approvers = z.array(ApproverSpec);

/** Those of these rounds, open or not, that ask the board; by id. */
export async function roundsOf(
  tx: Tx,
  boardId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Round>> {
  const board = await boardOf(tx, boardId);
  const rows = await tx.rows<{ id: string; approvers: unknown }>(
    `select t.id, t.snapshot -> 'details' -> 'approvers' as approvers from tickets t
      where t.organization_id = $1 and t.type = 'approval' and t.id = any($2::uuid[])
        and t.snapshot -> 'details' -> 'watches' ? $3`,
    [tx.organizationId, ids, watchOf(boardId)],
  );
  const isOfBoard = ({ kind, ...spec }: ApproverSpec) => {
    if (!('id' in spec)) return false;
    if (kind === 'board') return spec.id === boardId;
    return kind === 'person' && board?.members.some(({ id }) => id === spec.id) === true;
  };
  return new Map(
    rows.map((row) => [row.id, { isWholly: approvers.parse(row.approvers).every(isOfBoard) }]),
  );
}
