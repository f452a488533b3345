/** Members of a board are told when it meets. */
import type { Tx } from '../database';
import type { Instant } from '../instant';

export interface MeetingNews {
  readonly meetingId: string;
  readonly board: { readonly id: string; readonly name: string };
  readonly startsAt: Instant;
  readonly what: 'planned' | 'moved';
  /** What caused it; part of the notice's identity. */
  readonly cause: string;
  /** Who did it, and so knows. */
  readonly byId: string;
}

/** One notice for the chair and each member who is there, in one statement; the time in the zone of the organization. */
export async function tellOfMeeting(tx: Tx, news: MeetingNews): Promise<void> {
  const { meetingId, board, startsAt, what, cause, byId } = news;
  await tx.rows(
    `insert into notifications (organization_id, id, recipient_id, cause, template, subject, data)
     select u.organization_id, gen_random_uuid(), u.id, $3, $4,
            format('%s: a meeting was %s, it begins on %s (%s)', $5::text, $6::text,
                   to_char($7::timestamptz at time zone zone.name, 'YYYY-MM-DD HH24:MI'), zone.name),
            $8::jsonb
       from users u
       join boards b on b.organization_id = u.organization_id and b.id = $2
       join organizations o on o.id = u.organization_id
      cross join lateral (select coalesce(o.settings ->> 'timezone', 'UTC') as name) zone
      where u.organization_id = $1 and u.is_active and not u.is_service and u.id <> $9
        and (u.id = b.chair_id or exists (
              select 1 from board_members m
               where m.organization_id = u.organization_id and m.board_id = b.id
                 and m.user_id = u.id))`,
    [
      ...[tx.organizationId, board.id, cause, `meeting.${what}`, board.name, what, startsAt],
      ...[JSON.stringify({ meetingId, boardId: board.id, startsAt }), byId],
    ],
  );
}
