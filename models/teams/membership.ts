/** Who is in a team: read and written with the team held, and on record. */
import { isDeepStrictEqual } from 'node:util';
import { recordAct, type Doer } from '../audit/record';
import type { Tx } from '../database';
import { Refusal } from '../errors';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly leadId: string | null;
}

export interface Membership {
  readonly id: string;
  readonly name: string;
  readonly skills: readonly string[];
  /** Open tickets that they should have at once; null: no limit. */
  readonly capacity: number | null;
}

const teamSql = `select id, name, lead_id as "leadId" from teams
  where organization_id = $1 and id = $2`;

/** Throws not_found. */
export async function readTeam(tx: Tx, id: string, lock = ''): Promise<Team> {
  const [team] = await tx.rows<Team>(`${teamSql} ${lock}`, [tx.organizationId, id]);
  if (!team) throw new Refusal('not_found', 'There is no such team.');
  return team;
}

/** Locked until the transaction ends, but not for tickets that are given to it. Throws not_found. */
export function holdTeam(tx: Tx, id: string): Promise<Team> {
  return readTeam(tx, id, 'for no key update');
}

/** undefined: they are not in it. */
export async function memberOf(
  tx: Tx,
  teamId: string,
  userId: string,
): Promise<Membership | undefined> {
  const [member] = await tx.rows<Membership>(
    `select u.id, u.name, m.skills, m.capacity
       from team_members m
       join users u on u.organization_id = m.organization_id and u.id = m.user_id
      where m.organization_id = $1 and m.team_id = $2 and m.user_id = $3`,
    [tx.organizationId, teamId, userId],
  );
  return member;
}

export interface Joining {
  readonly team: Team;
  readonly before: Membership | undefined;
  readonly after: Membership;
}

/** Makes them a member, or changes what is said of one; nothing when nothing differs. */
export async function join(tx: Tx, by: Doer, { team, before, after }: Joining): Promise<void> {
  if (isDeepStrictEqual(before, after)) return;
  await tx.rows(
    `insert into team_members (organization_id, team_id, user_id, skills, capacity)
     values ($1, $2, $3, $4, $5)
     on conflict (organization_id, team_id, user_id)
     do update set skills = excluded.skills, capacity = excluded.capacity`,
    [tx.organizationId, team.id, after.id, after.skills, after.capacity],
  );
  await recordChange(tx, by, { team, before: before ? [before] : [], after: [after] });
}

/** Throws conflict for whoever leads it. */
export async function leave(
  tx: Tx,
  by: Doer,
  { team, member }: { readonly team: Team; readonly member: Membership },
): Promise<void> {
  if (team.leadId === member.id)
    throw new Refusal('conflict', 'They lead the team: name another lead first, or none.');
  await tx.rows(
    'delete from team_members where organization_id = $1 and team_id = $2 and user_id = $3',
    [tx.organizationId, team.id, member.id],
  );
  await recordChange(tx, by, { team, before: [member], after: [] });
}

/** Who joined, left or changed; the revision counts, as the team looks different now. */
async function recordChange(
  tx: Tx,
  by: Doer,
  change: {
    readonly team: Team;
    readonly before: readonly Membership[];
    readonly after: readonly Membership[];
  },
): Promise<void> {
  const { team, before, after } = change;
  await tx.rows('update teams set revision = revision + 1 where organization_id = $1 and id = $2', [
    tx.organizationId,
    team.id,
  ]);
  await recordAct(tx, by, {
    action: 'team.membersChanged',
    target: { type: 'team', id: team.id, name: team.name },
    before: { members: before },
    after: { members: after },
  });
}
