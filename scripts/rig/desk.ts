/** An organization for measurements and faults: so many agents and requesters, all with one password. */
import { randomBytes } from 'node:crypto';
import { hashPassword } from '../../api/auth/password';
import { openDatabase } from '../../models/database';
import { type Blueprint, foundOrganization } from '../../models/organizations/found';
import type { Settings } from '../../models/organizations/settings';

export interface DeskWish {
  readonly slug: string;
  readonly agents: number;
  readonly requesters: number;
  readonly settings?: Partial<Settings>;
}

export interface Desk {
  readonly slug: string;
  readonly organizationId: string;
  readonly password: string;
  /** Emails. */
  readonly agents: readonly string[];
  readonly requesters: readonly string[];
  readonly manager: string;
}

/** Founds the organization through the application role; `databaseUrl` is that role's. */
export async function openDesk(databaseUrl: string, wish: DeskWish): Promise<Desk> {
  const password = randomBytes(18).toString('base64url');
  const emails = (role: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${role}-${index + 1}@${wish.slug}.example`);
  const people = {
    agents: emails('agent', wish.agents),
    requesters: emails('requester', wish.requesters),
    manager: `manager@${wish.slug}.example`,
  };
  const plan = blueprintOf(wish, people, await hashPassword(password));
  const database = await openDatabase({
    url: databaseUrl,
    poolMax: 2,
    applicationName: 'holdfast-rig',
    statementTimeoutMs: 30_000,
  });
  try {
    const organizationId = await foundOrganization(database, plan);
    return { slug: wish.slug, organizationId, password, ...people };
  } finally {
    await database.close();
  }
}

type People = Pick<Desk, 'agents' | 'requesters' | 'manager'>;

function blueprintOf(wish: DeskWish, people: People, passwordHash: string): Blueprint {
  const person = (role: 'agent' | 'end_user' | 'manager') => (email: string) => ({
    ...{ email, role, passwordHash },
    name: email.split('@')[0] ?? email,
  });
  return {
    slug: wish.slug,
    name: wish.slug,
    settings: { timezone: 'UTC', ...wish.settings },
    defaultTeam: 'Service desk',
    people: [
      person('manager')(people.manager),
      ...people.agents.map(person('agent')),
      ...people.requesters.map(person('end_user')),
    ],
    teams: [{ name: 'Service desk', lead: people.manager, members: people.agents }],
    services: [{ name: 'Mail', description: 'Electronic mail', team: 'Service desk' }],
    categories: ['Software', 'Hardware'],
  };
}
