/** From a cast to an organization: people as actors, and what is founded. */
import { type Blueprint, idOf, organizationIdOf } from '../../models/organizations/found';
import type { Person } from '../../models/users/actor';
import type { Cast } from './story';

/** The address of somebody, by the name before the @. */
export function emailOf({ slug }: Cast, login: string): string {
  return `${login}@${slug}.example`;
}

/** Somebody of the cast; throws when there is nobody of that name. */
export function actorOf(cast: Cast, login: string): Person {
  const person = cast.people.find((one) => one.login === login);
  if (!person) throw new Error(`${cast.slug} has no person ${login}`);
  const email = emailOf(cast, login);
  return {
    id: idOf(cast.slug, 'person', email),
    organizationId: organizationIdOf(cast.slug),
    organizationSlug: cast.slug,
    name: person.name,
    email,
    role: person.role,
  };
}

export function blueprintOf(cast: Cast, passwordHash: string): Blueprint {
  const email = (login: string) => emailOf(cast, login);
  const { slug, name, timezone, defaultTeam, services, categories } = cast;
  return {
    ...{ slug, name, defaultTeam, services, categories },
    settings: { timezone },
    people: cast.people.map((person) => ({
      email: email(person.login),
      name: person.name,
      role: person.role,
      passwordHash,
      ...(person.manager !== undefined && { manager: email(person.manager) }),
    })),
    teams: cast.teams.map((team) => ({
      name: team.name,
      lead: email(team.lead),
      members: team.members.map(email),
    })),
  };
}
