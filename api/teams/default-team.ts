/** The one team of an organization that takes what no other does: a setting, which teams may be given, too. */
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { editOrganization } from '../organization/edit';
import type { Change } from '../http/resource/resource';

/** Throws conflict when a change would leave the organization without its default team. */
export async function keepDefaultTeam(tx: Tx, { did, id, input }: Change): Promise<void> {
  const leaves = did === 'deleted' || input['default'] === false || input['isActive'] === false;
  if (did === 'created' || !leaves || !(await isDefaultTeam(tx, id))) return;
  throw new Refusal('conflict', 'It is the default team: make another one the default first.');
}

/** Moves the mark to this team, once; the other one loses it with the same statement. Throws invalid_input. */
export async function makeDefaultTeam(tx: Tx, change: Change): Promise<void> {
  const { id } = change;
  if (await isDefaultTeam(tx, id)) return;
  const [team] = await tx.rows<{ isActive: boolean }>(
    'select is_active as "isActive" from teams where organization_id = $1 and id = $2',
    [tx.organizationId, id],
  );
  if (team?.isActive !== true) throw invalid('/default', 'needs an active team', 'inactive');
  await editOrganization(tx, change, { defaultTeamId: id });
}

/** Its organization is locked until the transaction ends, so that nobody names another one meanwhile. */
async function isDefaultTeam(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.rows<{ isIt: boolean }>(
    `select coalesce((settings->>'defaultTeamId')::uuid = $2::uuid, false) as "isIt"
       from organizations where id = $1 for no key update`,
    [tx.organizationId, id],
  );
  return row?.isIt === true;
}
