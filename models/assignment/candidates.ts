/** The members of a team with what they have to do, and whose turn it was. */
import type { Tx } from '../database';
import { toInstant, type Instant } from '../instant';
import { lockFor } from '../lock';
import type { Ticket } from '../tickets/ticket';
import { includesRole, roles } from '../users/actor';
import type { Candidate } from './shape';

/**
 * Until the transaction ends nobody else gives out tickets of this team, nor tickets of another one to
 * members whom both have. After the lock of a ticket's row.
 */
export async function lockTurns(tx: Tx, teamId: string): Promise<void> {
  const bind = [tx.organizationId, teamId];
  await Promise.all([lockFor(tx, `assignment/${teamId}`), tx.rows(lockSharedSql, bind)]);
}

/** In the order of their ids, so that two teams with the same people never wait for each other. */
const lockSharedSql = `
  select pg_advisory_xact_lock(hashtextextended($1::text || '/assignee/' || s.user_id, 0))
    from (select m.user_id from team_members m
           where m.organization_id = $1::uuid and m.team_id = $2
             and exists (select from team_members o
                           join teams t on t.organization_id = o.organization_id and t.id = o.team_id
                                       and t.is_active and t.assignment->>'strategy' <> 'manual'
                          where o.organization_id = m.organization_id and o.user_id = m.user_id
                            and o.team_id <> m.team_id)
           order by m.user_id) s`;

interface Asking {
  readonly teamId: string;
  /** Not counted: it is about to be given to somebody. Null: all are counted. */
  readonly ticketId: string | null;
  readonly at: Instant;
}

interface Row extends Omit<Candidate, 'lastAssignedAt'> {
  readonly lastAt: Date | null;
}

/**
 * Active members who may work on tickets, in no order. All of their open tickets count, of whichever team,
 * but those that are resolved do not: nothing is left to do for them.
 */
export async function readCandidates(
  tx: Tx,
  { teamId, ticketId, at }: Asking,
): Promise<Candidate[]> {
  const agents = roles.filter((role) => includesRole(role, 'agent'));
  const bind = [tx.organizationId, teamId, ticketId, at, agents];
  const rows = await tx.rows<Row>(candidatesSql, bind);
  return rows.map(({ lastAt, ...row }) => ({
    ...row,
    lastAssignedAt: lastAt && toInstant(lastAt),
  }));
}

const candidatesSql = `
  select u.id, u.name, m.skills, m.capacity, coalesce(o.open, '{}') as open,
         substitute_of(m.organization_id, u.id, $4) is not null as "isAbsent",
         w.turn::float8 as "lastTurn", w.last_at as "lastAt"
    from team_members m
    join users u on u.organization_id = m.organization_id and u.id = m.user_id
                and u.is_active and not u.is_service and u.role = any($5::text[])
    left join team_turns w on w.organization_id = m.organization_id and w.team_id = m.team_id
                          and w.user_id = m.user_id
    left join lateral (
      select jsonb_object_agg(c.priority, c.count) as open
        from (select coalesce(x.priority, 'none') as priority, count(*) as count from tickets x
               where x.organization_id = m.organization_id and x.assignee_id = m.user_id
                 and x.is_open and x.resolved_at is null and x.id is distinct from $3::uuid
               group by 1) c) o on true
   where m.organization_id = $1 and m.team_id = $2`;

/** It was their turn; to be called under the lock. */
export async function recordTurn(
  tx: Tx,
  { teamId, assigneeId, at }: { teamId: string; assigneeId: string; at: Instant },
): Promise<void> {
  await tx.rows(
    `insert into team_turns (organization_id, team_id, user_id, turn, last_at)
     select $1, $2, $3, coalesce(max(turn), 0) + 1, $4 from team_turns
      where organization_id = $1 and team_id = $2
     on conflict (organization_id, team_id, user_id)
     do update set turn = excluded.turn, last_at = excluded.last_at`,
    [tx.organizationId, teamId, assigneeId, at],
  );
}

/** A requester may have tickets by the thousand: monitoring has. */
const lastLookedAt = 100;

/**
 * Who of the team has, or had, the last ticket of this type that the requester opened for the service; looked
 * for among the last hundred that somebody had.
 */
export async function lastHandlerOf(
  tx: Tx,
  teamId: string,
  { type, requesterId, serviceId }: Pick<Ticket, 'type' | 'requesterId' | 'serviceId'>,
): Promise<string | null> {
  const [row] = await tx.rows<{ id: string }>(
    `select t.assignee_id as id
       from (select type, service_id, assignee_id, opened_at from tickets
              where organization_id = $1 and requester_id = $2 and assignee_id is not null
              order by opened_at desc limit ${lastLookedAt}) t
      where t.type = $3 and t.service_id is not distinct from $4::uuid
        and t.assignee_id in (select user_id from team_members
                               where organization_id = $1 and team_id = $5)
      order by t.opened_at desc limit 1`,
    [tx.organizationId, requesterId, type, serviceId, teamId],
  );
  return row?.id ?? null;
}
