/** The caller's organization: what it has decided about its service desk. */
import type { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import type { Database, Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { settingsOf, type Settings } from '../../models/organizations/settings';
import type { Reference } from '../http/reference';
import { refuseStale } from '../http/admission';
import { doerOf } from '../http/request';
import { defineRoute, type Route } from '../http/route';
import { EditOrganization, Organization, type OrganizationEdit } from './settings';

export interface OrganizationSources {
  readonly database: Pick<Database, 'inOrganization'>;
}

const one = { path: '/organization', tag: 'Administration' } as const;

export function organizationRoutes({ database }: OrganizationSources): Route[] {
  return [
    defineRoute({
      ...one,
      method: 'get',
      access: 'signedIn',
      summary: 'Read my organization and its settings.',
      reply: { status: 200, description: 'As it is.', body: Organization },
      handle: async ({ actor }) => {
        const found = await database.inOrganization(actor.organizationId, (tx) => read(tx));
        return { body: found, revision: found.revision };
      },
    }),
    defineRoute({
      ...one,
      method: 'patch',
      access: 'organization:manage',
      summary: 'Edit the settings of my organization.',
      description:
        'They act on the next command. Running clocks and closings that are already planned stay as they are. ' +
        'Those of sign-in ask for a fresh proof of who you are.',
      body: EditOrganization,
      reply: { status: 200, description: 'As it is now.', body: Organization },
      handle: async ({ actor, body, request }) => {
        if (guarded.some((name) => name in body)) refuseStale(actor);
        const after = await database.inOrganization(actor.organizationId, async (tx) => {
          const before = await hold(tx, request.ifMatch);
          await refuseUnknownTeam(tx, body.defaultTeamId);
          await write(tx, body);
          const now = await read(tx);
          const { id, name } = now;
          const target = { type: 'organization', id, name };
          await recordAct(tx, doerOf({ actor, request }), {
            action: 'organization.edited',
            target,
            before: { ...before },
            after: { ...now },
          });
          return now;
        });
        return { body: after, revision: after.revision };
      },
    }),
  ];
}

/** What keeps strangers out is not loosened from a screen that was left unlocked. */
const guarded = ['passwordMaxAgeDays', 'secondFactorRequiredFor'];

interface Row {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: Partial<Settings>;
  readonly defaultTeam: Reference | null;
  readonly revision: number;
}

async function read(tx: Tx): Promise<z.infer<typeof Organization>> {
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
    passwordMaxAgeDays: settings.passwordMaxAgeDays,
    secondFactorRequiredFor: [...settings.secondFactorRequiredFor],
  };
}

/** As it is, locked until the transaction ends. Throws stale_version. */
async function hold(tx: Tx, ifMatch: number | undefined) {
  await tx.rows('select 1 from organizations where id = $1 for no key update', [tx.organizationId]);
  const found = await read(tx);
  if (ifMatch === undefined || ifMatch === found.revision) return found;
  throw new Refusal(
    'stale_version',
    `The organization is at revision ${found.revision}, not at ${ifMatch}: read it again.`,
    { revision: found.revision },
  );
}

/** Locked, so that nobody deletes it meanwhile. */
async function refuseUnknownTeam(tx: Tx, id: string | null | undefined): Promise<void> {
  if (id === undefined || id === null) return;
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
