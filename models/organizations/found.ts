/** Founds an organization with everything that its service desk needs on the first day. */
import { v5 } from 'uuid';
import type { Database, Tx } from '../database';
import { businessHours, roundTheClock } from '../sla/calendar';
import { defaultPolicy, deliveryPolicy } from '../sla/policy/default';
import type { Role } from '../users/actor';
import { defaultSettings, type Settings } from './settings';

/** Who and what there is; people, teams, services and categories are named, ids follow from the names. */
export interface Blueprint {
  readonly slug: string;
  readonly name: string;
  readonly settings?: Partial<Settings>;
  /** Name of the team that takes what no service's team takes. */
  readonly defaultTeam?: string;
  readonly people: readonly NewPerson[];
  readonly teams: readonly { name: string; lead: string; members: readonly string[] }[];
  readonly services: readonly { name: string; description: string; team: string }[];
  readonly categories: readonly string[];
}

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** argon2id, in its PHC form. */
  readonly passwordHash: string;
  /** It is somebody else's choice, to be changed at the first sign-in. */
  readonly mustChangePassword?: boolean;
  readonly manager?: string;
}

const namespace = '0d2f2f0e-2b0c-5a7f-8f57-3b1f0e6f9a11';

/** Ids that follow from names, so that founding again finds what is there. */
export function idOf(slug: string, kind: string, name: string): string {
  return v5(`${slug}/${kind}/${name}`, namespace);
}

export function organizationIdOf(slug: string): string {
  return v5(slug, namespace);
}

/** Creates what is missing, in one transaction; what is there stays as it is. Gives the id. */
export async function foundOrganization(database: Database, plan: Blueprint): Promise<string> {
  const organizationId = organizationIdOf(plan.slug);
  await database.inOrganization(organizationId, (tx) => writeFounding(tx, plan));
  return organizationId;
}

/** As `foundOrganization`, in a transaction inside the organization that is to be. */
export async function writeFounding(tx: Tx, plan: Blueprint): Promise<void> {
  await writeOrganization(tx, plan);
  await writePeople(tx, plan);
  await writeTeams(tx, plan);
  await writeCatalogue(tx, plan);
  await writeAgreements(tx, plan);
}

async function writeOrganization(tx: Tx, plan: Blueprint): Promise<void> {
  const team = plan.defaultTeam;
  const settings = {
    ...plan.settings,
    ...(team === undefined ? {} : { defaultTeamId: idOf(plan.slug, 'team', team) }),
  };
  await tx.rows(
    `insert into organizations (id, slug, name, settings) values ($1, $2, $3, $4)
     on conflict (id) do nothing`,
    [tx.organizationId, plan.slug, plan.name, JSON.stringify(settings)],
  );
}

async function writePeople(tx: Tx, { slug, people }: Blueprint): Promise<void> {
  for (const { email, name, role, passwordHash, mustChangePassword = false, manager } of people) {
    await tx.rows(
      `insert into users (organization_id, id, email, name, role, password_hash,
                          must_change_password, manager_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [
        tx.organizationId,
        idOf(slug, 'person', email),
        email,
        name,
        role,
        passwordHash,
        mustChangePassword,
        manager === undefined ? null : idOf(slug, 'person', manager),
      ],
    );
  }
}

async function writeTeams(tx: Tx, { slug, teams }: Blueprint): Promise<void> {
  for (const { name, lead, members } of teams) {
    const teamId = idOf(slug, 'team', name);
    await tx.rows(
      `insert into teams (organization_id, id, name, lead_id) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [tx.organizationId, teamId, name, idOf(slug, 'person', lead)],
    );
    await tx.rows(
      `insert into team_members (organization_id, team_id, user_id)
       select $1, $2, unnest($3::uuid[]) on conflict do nothing`,
      [tx.organizationId, teamId, [lead, ...members].map((email) => idOf(slug, 'person', email))],
    );
  }
}

async function writeCatalogue(tx: Tx, { slug, services, categories }: Blueprint): Promise<void> {
  for (const { name, description, team } of services) {
    await tx.rows(
      `insert into services (organization_id, id, name, description, team_id)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [tx.organizationId, idOf(slug, 'service', name), name, description, idOf(slug, 'team', team)],
    );
  }
  for (const name of categories) {
    await tx.rows(
      `insert into categories (organization_id, id, name) values ($1, $2, $3) on conflict do nothing`,
      [tx.organizationId, idOf(slug, 'category', name), name],
    );
  }
}

/** Round-the-clock and business hours in the organization's zone, and what is promised until the organization decides otherwise. */
async function writeAgreements(tx: Tx, { slug, settings }: Blueprint): Promise<void> {
  const calendars = {
    roundTheClock: idOf(slug, 'calendar', 'Round the clock'),
    business: idOf(slug, 'calendar', 'Business hours'),
  };
  const timezone = settings?.timezone ?? defaultSettings.timezone;
  for (const [id, name, calendar] of [
    [calendars.roundTheClock, 'Round the clock', roundTheClock],
    [calendars.business, 'Business hours', businessHours(timezone)],
  ] as const) {
    await tx.rows(
      `insert into calendars (organization_id, id, version, name, definition)
       values ($1, $2, 1, $3, $4) on conflict do nothing`,
      [tx.organizationId, id, name, JSON.stringify(calendar)],
    );
  }
  for (const [type, name, { rules }] of [
    ['incident', 'Incidents', defaultPolicy(calendars)],
    ['request', 'Requests', deliveryPolicy(calendars.business)],
  ] as const) {
    // In force from ever, so that it counts for what is brought over from another system, too.
    await tx.rows(
      `insert into sla_policies (organization_id, id, version, ticket_type, name, rules, published_at)
       values ($1, $2, 1, $3, $4, $5, to_timestamp(0)) on conflict do nothing`,
      [tx.organizationId, idOf(slug, 'policy', name), type, name, JSON.stringify(rules)],
    );
  }
}
