/** The caller's organization: what it has decided about its service desk. */
import type { Database } from '../../models/database';
import { refuseStale } from '../http/admission';
import { defineRoute, type Route } from '../http/route';
import { editOrganization, readOrganization } from './edit';
import { EditOrganization, Organization } from './settings';

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
        const found = await database.inOrganization(actor.organizationId, readOrganization);
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
        const after = await database.inOrganization(actor.organizationId, (tx) =>
          editOrganization(tx, { actor, request }, body, request.ifMatch),
        );
        return { body: after, revision: after.revision };
      },
    }),
  ];
}

/** What keeps strangers out is not loosened from a screen that was left unlocked. */
const guarded = ['passwordMaxAgeDays', 'secondFactorRequiredFor'];
