/** The first organization of an installation that has none, made with the token that the service prints. */
import { z } from 'zod';
import { createOrganization } from '../../models/organizations/create';
import { organizationIdOf } from '../../models/organizations/found';
import { hasOrganizations, useSetupToken } from '../../models/organizations/setup-token';
import { Slug } from '../../models/organizations/slug';
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import { refuseWeak } from '../auth/change-password';
import { hashPassword } from '../auth/password';
import { Line, Password, Timezone } from '../http/input/fields';
import { defineRoute, type Route } from '../http/route';

const Setup = z
  .strictObject({
    token: z.string().min(1).max(200),
    organization: z.strictObject({ slug: Slug, name: Line, timezone: Timezone.default('UTC') }),
    administrator: z.strictObject({ email: z.email().max(254), name: Line, password: Password }),
  })
  .meta({ id: 'Setup' });

const SetUp = z
  .object({
    organization: z.object({ id: z.uuid(), slug: z.string(), name: z.string() }),
    administrator: z.object({ id: z.uuid(), email: z.string(), name: z.string() }),
  })
  .meta({ id: 'SetUp' });

export function setupRoute({ database }: { readonly database: Database }): Route {
  return defineRoute({
    method: 'post',
    path: '/setup',
    tag: 'Sign-in',
    access: 'public',
    secret: true,
    limitedBy: 'address',
    summary: 'Make the first organization and its administrator.',
    description:
      'With the token that the service prints at its start as long as there is no organization. It works ' +
      'once. As soon as there is an organization this address is 404.',
    body: Setup,
    reply: { status: 201, description: 'It is ready to work; sign in.', body: SetUp },
    handle: async ({ body: { token, organization, administrator }, request }) => {
      await refuseWhenSetUp(database);
      refuseWeak(administrator.password, administrator, '/administrator/password');
      const passwordHash = await hashPassword(administrator.password);
      const id = organizationIdOf(organization.slug);
      const made = await database.inOrganization(id, async (tx) => {
        if (!(await useSetupToken(tx, token))) return undefined;
        const { email, name } = administrator;
        return createOrganization(
          tx,
          {
            ...organization,
            administrator: { email, name, passwordHash, mustChangePassword: false },
          },
          { address: request.address, requestId: request.id },
        );
      });
      if (!made) {
        // Another request may have used it while this one waited.
        await refuseWhenSetUp(database);
        throw new Refusal('unauthenticated', 'This is not the token that the service printed.');
      }
      const { email, name } = administrator;
      const { slug } = organization;
      return {
        body: {
          organization: { id, slug, name: organization.name },
          administrator: { id: made.administratorId, email, name },
        },
      };
    },
  });
}

async function refuseWhenSetUp(database: Database): Promise<void> {
  if (!(await hasOrganizations(database))) return;
  throw new Refusal('not_found', 'This installation is set up.');
}
