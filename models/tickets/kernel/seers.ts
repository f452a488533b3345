/** Who sees a confidential ticket by themselves, asked of the database at the moment of decision. */
import type { Tx } from '../../database';
import { Refusal, invalid } from '../../errors';
import { rolesWith } from '../../users/permissions';
import { reachesConfidential } from '../../users/ability';
import { mayOpenUp } from '../confidential';
import type { Happening } from '../decide';
import type { Fact } from '../fact';
import type { Ticket } from '../ticket';

/** Of these people, who is in the team or sees confidential tickets of all teams. */
export async function seersAmong(
  tx: Tx,
  teamId: string,
  people: readonly string[],
): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set();
  const rows = await tx.rows<{ id: string }>(seersSql, [
    tx.organizationId,
    people,
    teamId,
    rolesWith('ticket:confidential'),
    'ticket:confidential',
  ]);
  return new Set(rows.map(({ id }) => id));
}

const seersSql = `
  select u.id from users u
   where u.organization_id = $1 and u.id = any($2::uuid[])
     and (exists (select from team_members m
                   where m.organization_id = u.organization_id and m.team_id = $3
                     and m.user_id = u.id)
          or exists (select from rights_at(u.organization_id, u.id, u.role, clock_timestamp()) r
                      where r.role = any($4::text[]) or $5 = any(r.granted)))`;

/** Those of `people` who may hear of the ticket; of an open one all. */
export async function whoMayHear(
  tx: Tx,
  { confidentialTeamId, requesterId, assigneeId, watcherIds, awaitedIds }: Ticket,
  people: readonly string[],
): Promise<readonly string[]> {
  if (confidentialTeamId === null) return people;
  const own = new Set([requesterId, assigneeId, ...watcherIds, ...awaitedIds]);
  const others = people.filter((id) => !own.has(id));
  const seers = await seersAmong(tx, confidentialTeamId, others);
  return people.filter((id) => own.has(id) || seers.has(id));
}

/**
 * Holds what a rule decided about a confidential ticket against who is in which team. Throws forbidden when
 * somebody makes it confidential, or open again, who may not; invalid_input when it would be given to
 * somebody who does not see it.
 */
export async function refuseUnseen(
  tx: Tx,
  before: Ticket,
  { ticket, fact }: Pick<Happening, 'ticket' | 'fact'>,
): Promise<void> {
  const { confidentialTeamId: teamId, assigneeId } = ticket;
  const isSaid = fact.name === 'edited' && teamId !== before.confidentialTeamId;
  if (isSaid) await refuseOutsider(tx, teamId ?? before.confidentialTeamId, fact);
  if (teamId === null || assigneeId === null || assigneeId === before.assigneeId) return;
  const seers = await seersAmong(tx, teamId, [assigneeId]);
  if (seers.has(assigneeId)) return;
  throw invalid('/assigneeId', 'does not see this confidential ticket', 'may_not_see');
}

async function refuseOutsider(tx: Tx, teamId: string | null, { actor }: Fact): Promise<void> {
  if (mayOpenUp(actor)) return;
  const isReached = teamId !== null && actor.id !== null && reachesConfidential(actor);
  if (isReached && (await seersAmong(tx, teamId, [actor.id])).has(actor.id)) return;
  throw new Refusal('forbidden', 'Only its team makes it confidential, or open again.');
}
