/** From names to ids, which follow from names and from what is sent. */
import { DateTime } from 'luxon';
import { type Instant, toInstant } from '../../models/instant';
import { idOf } from '../../models/organizations/found';
import { actorOf } from './cast';
import { itemIdOf, madeBy } from './deed';
import type { Names, Story } from './story';

/** `foundedAt` is what scheduled dates are counted from. */
export function namesOf({ cast, catalog, tales }: Story, foundedAt: Instant): Names {
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
    item: (name) => {
      for (const shelf of catalog) {
        const index = shelf.items.findIndex((one) => one.name === name);
        if (index !== -1) return itemIdOf(cast, shelf, index);
      }
      throw new Error(`${cast.slug} has no item ${name}`);
    },
    ticket: (n) => {
      const tale = tales.find((one) => one.n === n);
      if (!tale) throw new Error(`${cast.slug} has no tale ${n}`);
      return madeBy(cast, tale);
    },
    maintenanceWindow: () => saturdayEvening(foundedAt, cast.timezone),
  };
}

/** 22:00 on the Saturday of the week after. */
function saturdayEvening(after: Instant, zone: string): Instant {
  const nextWeek = DateTime.fromISO(after, { zone }).plus({ weeks: 1 });
  return toInstant(nextWeek.set({ weekday: 6 }).startOf('day').set({ hour: 22 }).toMillis());
}
