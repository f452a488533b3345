/** Reads the settings of an organization, and edits them on record, in a transaction of whoever does so. */
import type { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { settingsOf, type Settings } from '../../models/organizations/settings';
import type { Reference } from '../http/reference';
import { doerOf, type By } from '../http/request';
import type { Organization, OrganizationEdit } from './settings';

/** Throws invalid_input, and stale_version when `ifMatch` is not the present revision. */
export async function editOrganization(
  tx: Tx,
  by: By,
  edit: OrganizationEdit,
  ifMatch?: number,
): Promise<z.infer<typeof Organization>> {
  const before = await hold(tx, ifMatch);
  await refuseTeam(tx, edit.defaultTeamId, before.defaultTeam);
  await write(tx, edit);
  const after = await readOrganization(tx);
  const { id, name } = after;
  await recordAct(tx, doerOf(by), {
    action: 'organization.edited',
    target: { type: 'organization', id, name },
    before: { ...before },
    after: { ...after },
  });
  return after;
}

interface Row {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: Partial<Settings>;
  readonly defaultTeam: Reference | null;
  readonly revision: number;
}

export async function readOrganization(tx: Tx): Promise<z.infer<typeof Organization>> {
  const [row] = await tx.rows<Row>(
    `select o.id, o.slug, o.name, o.settings, o.revision,
            case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as "defaultTeam"
       from organizations o
       left join teams t on t.organization_id = o.id and t.id = (o.settings->>'defaultTeamId')::uuid
      where o.id = $1`,
    [tx.organizationId],
  );
  if (!row) throw new Refusal('not_found', 'There is no such organization.');
  const { id, slug, name, defaultTeam, revision } = row;
  const settings = settingsOf(row.settings);
  return {
    ...{ id, slug, name, defaultTeam, revision },
    timezone: settings.timezone,
    locale: settings.locale,
    priorityMatrix: settings.priorityMatrix,
    requesterImpactCounts: settings.requesterImpactCounts,
    defaultImpact: settings.defaultImpact,
    autoCloseDays: settings.autoCloseDays,
    commentReopens: settings.commentReopens,
    resolutionCodes: [...settings.resolutionCodes],
    problemWatchDays: settings.problemWatchDays,
    problemResolvesIncidents: settings.problemResolvesIncidents,
    passwordMaxAgeDays: settings.passwordMaxAgeDays,
    secondFactorRequiredFor: [...settings.secondFactorRequiredFor],
  };
}

/** As it is, locked until the transaction ends. Throws stale_version. */
async function hold(tx: Tx, ifMatch: number | undefined) {
  await tx.rows('select 1 from organizations where id = $1 for no key update', [tx.organizationId]);
  const found = await readOrganization(tx);
  if (ifMatch === undefined || ifMatch === found.revision) return found;
  throw new Refusal(
    'stale_version',
    `The organization is at revision ${found.revision}, not at ${ifMatch}: read it again.`,
    { revision: found.revision },
  );
}

/** Locked, so that nobody deletes it meanwhile. Once there is a default team, there always is one. */
async function refuseTeam(
  tx: Tx,
  id: string | null | undefined,
  before: Reference | null,
): Promise<void> {
  if (id === undefined || (id === null && before === null)) return;
  if (id === null)
    throw invalid('/defaultTeamId', 'can be another team, but not none any more', 'required');
  const [team] = await tx.rows<{ isActive: boolean }>(
    `select is_active as "isActive" from teams where organization_id = $1 and id = $2 for key share`,
    [tx.organizationId, id],
  );
  if (!team) throw invalid('/defaultTeamId', 'is no team that is there', 'not_found');
  if (!team.isActive) throw invalid('/defaultTeamId', 'is a team that is not active', 'inactive');
}

/** Settings that are not given stay, also those that this code does not know. */
async function write(tx: Tx, { name, ...settings }: OrganizationEdit): Promise<void> {
  await tx.rows(
    `update organizations set name = coalesce($2, name), settings = settings || $3::jsonb,
            revision = revision + 1 where id = $1`,
    [tx.organizationId, name ?? null, JSON.stringify(settings)],
  );
}
