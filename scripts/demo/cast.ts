/** From a cast to an organization: ids by name, people as actors, and what is founded. */
import { DateTime } from 'luxon';
import { type Instant, toInstant } from '../../models/instant';
import { type Blueprint, idOf, organizationIdOf } from '../../models/organizations/found';
import type { Person } from '../../models/users/actor';
import type { Cast, Names } from './story';

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

/** `foundedAt` is what scheduled dates are counted from. */
export function namesOf(cast: Cast, foundedAt: Instant): Names {
  const known = (kind: string, there: readonly string[]) => (name: string) => {
    if (!there.includes(name)) throw new Error(`${cast.slug} has no ${kind} ${name}`);
    return idOf(cast.slug, kind, name);
  };
  return {
    person: (login) => actorOf(cast, login).id,
    team: known(
      'team',
      cast.teams.map(({ name }) => name),
    ),
    service: known(
      'service',
      cast.services.map(({ name }) => name),
    ),
    category: known('category', cast.categories),
    maintenanceWindow: () => saturdayEvening(foundedAt, cast.timezone),
  };
}

/** 22:00 on the Saturday of the week after. */
function saturdayEvening(after: Instant, zone: string): Instant {
  const nextWeek = DateTime.fromISO(after, { zone }).plus({ weeks: 1 });
  return toInstant(nextWeek.set({ weekday: 6 }).startOf('day').set({ hour: 22 }).toMillis());
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
