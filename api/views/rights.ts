/** Who sees a view, and who changes it. */
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import type { Actor } from '../../models/users/actor';
import { may } from '../../models/users/permissions';
import type { Change } from '../http/resource/resource';
import { Owned, type Scope } from './shape';

/** Select expression: they are in the team of the view `v`, or lead it. */
const inTeam = (me: string) => `(
  exists (select 1 from team_members m
           where m.organization_id = v.organization_id and m.team_id = v.team_id and m.user_id = ${me})
  or t.lead_id = ${me})`;

/** Condition on the view `v` and its team `t`, without binds: an id of ours is a UUID and nothing else. */
export function visibleSql(actor: Actor): string {
  const me = `'${actor.id}'::uuid`;
  const ofTeams = may(actor, 'view:manage')
    ? `v.scope = 'team'`
    : `(v.scope = 'team' and ${inTeam(me)})`;
  return `(v.scope = 'organization' or v.owner_id = ${me} or ${ofTeams})`;
}

/** What a view is, as far as it matters who asks. */
interface Facts {
  readonly scope: Scope;
  readonly ownerId: string | null;
  readonly leadId: string | null;
}

export function mayEdit(actor: Actor, { scope, ownerId, leadId }: Facts): boolean {
  if (may(actor, 'view:manage')) return scope !== 'person' || ownerId === actor.id;
  // A program does what its scopes name, and these have no other name.
  if (actor.scopes !== undefined) return false;
  return (scope === 'person' ? ownerId : scope === 'team' ? leadId : null) === actor.id;
}

/** Throws not_found for what they do not see, forbidden for what they may only read. */
export async function admit(tx: Tx, { did, id, actor, input }: Change): Promise<void> {
  const facts =
    did === 'created' ? await newFacts(tx, actor, input) : await seenFacts(tx, actor, id);
  if (mayEdit(actor, facts)) return;
  throw new Refusal('forbidden', 'You may read this view, but not write it.');
}

async function seenFacts(tx: Tx, actor: Actor, id: string): Promise<Facts> {
  const [row] = await tx.rowsOf<Facts>(
    `select v.scope, v.owner_id as "ownerId", t.lead_id as "leadId"
       from views v left join teams t on t.organization_id = v.organization_id and t.id = v.team_id
      where v.organization_id = $1 and v.id = $2 and ${visibleSql(actor)}`,
    [tx.organizationId, id],
  );
  if (!row) throw new Refusal('not_found', 'There is no such view.');
  return row;
}

async function newFacts(tx: Tx, actor: Actor, input: unknown): Promise<Facts> {
  const { scope, teamId } = Owned.parse(input);
  if (scope !== 'team')
    return { scope, ownerId: scope === 'person' ? actor.id : null, leadId: null };
  const [team] = await tx.rows<{ leadId: string | null }>(
    `select lead_id as "leadId" from teams where organization_id = $1 and id = $2 for key share`,
    [tx.organizationId, teamId],
  );
  if (!team) throw invalid('/teamId', 'is nothing that is there', 'not_found');
  return { scope, ownerId: null, leadId: team.leadId };
}
