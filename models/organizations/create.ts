/** Makes an organization that is ready to work: a team, calendars, promises and one administrator. */
import { recordAct, type Doer } from '../audit/record';
import type { Tx } from '../database';
import { Refusal } from '../errors';
import { idOf, writeFounding, type Blueprint } from './found';

export interface NewOrganization {
  readonly slug: string;
  readonly name: string;
  readonly timezone?: string | undefined;
  readonly administrator: {
    readonly email: string;
    readonly name: string;
    /** argon2id, in its PHC form. */
    readonly passwordHash: string;
    /** It is somebody else's choice, to be changed at the first sign-in. */
    readonly mustChangePassword: boolean;
  };
}

const defaultTeam = 'Service desk';
const slugIsKept = 'organization_slugs_pkey';

/**
 * In a transaction inside the organization that is to be (`organizationIdOf(slug)`). Throws conflict when
 * the slug or the address was ever, or is, somebody's. `by` default: its administrator.
 */
export async function createOrganization(
  tx: Tx,
  wish: NewOrganization,
  by: Omit<Doer, 'actor'> & { readonly actor?: Doer['actor'] },
): Promise<{ readonly administratorId: string }> {
  const { slug, name, administrator } = wish;
  const administratorId = idOf(slug, 'person', administrator.email);
  try {
    await reserve(tx, wish, administratorId);
    await writeFounding(tx, blueprintOf(wish));
  } catch (error) {
    throw refusalOf(error, wish) ?? error;
  }
  const actor = by.actor ?? { id: administratorId, name: administrator.name };
  await recordAct(
    tx,
    { ...by, actor },
    {
      action: 'organization.created',
      target: { type: 'organization', id: tx.organizationId, name },
      after: { slug, name, administrator: administrator.email },
    },
  );
  return { administratorId };
}

/** Founding leaves alone what is there; here nothing may be there. */
async function reserve(tx: Tx, wish: NewOrganization, administratorId: string): Promise<void> {
  const { slug, name, administrator, timezone } = wish;
  const settings = { ...settingsOf(timezone), defaultTeamId: idOf(slug, 'team', defaultTeam) };
  await tx.rows('insert into organizations (id, slug, name, settings) values ($1, $2, $3, $4)', [
    tx.organizationId,
    slug,
    name,
    JSON.stringify(settings),
  ]);
  await tx.rows(
    `insert into users (organization_id, id, email, name, role, password_hash, must_change_password)
     values ($1, $2, $3, $4, 'admin', $5, $6)`,
    [
      tx.organizationId,
      administratorId,
      administrator.email,
      administrator.name,
      administrator.passwordHash,
      administrator.mustChangePassword,
    ],
  );
}

function blueprintOf({ slug, name, timezone, administrator }: NewOrganization): Blueprint {
  const { email } = administrator;
  return {
    ...{ slug, name, defaultTeam },
    settings: settingsOf(timezone),
    people: [{ ...administrator, role: 'admin' }],
    teams: [{ name: defaultTeam, lead: email, members: [email] }],
    services: [],
    categories: [],
  };
}

function settingsOf(timezone: string | undefined) {
  return timezone === undefined ? {} : { timezone };
}

/** Whether an organization could not be made because there was another one of this slug. */
export function wasDeleted(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === slugIsKept;
}

function refusalOf(error: unknown, { slug, administrator }: NewOrganization): Refusal | undefined {
  if (!(error instanceof Error) || !('constraint' in error)) return undefined;
  switch (error.constraint) {
    case 'organizations_pkey':
    case 'organizations_slug_key':
    case slugIsKept:
      return new Refusal('conflict', `The slug ${slug} is, or was, that of an organization.`);
    case 'users_email':
      return new Refusal('conflict', `The address ${administrator.email} is somebody's already.`);
    default:
      return undefined;
  }
}
