/** What a clock counts, by name: policy, rule, calendar, and the terms that held before. */
import type { z } from 'zod';
import type { Tx } from '../../../models/database';
import type { Instant } from '../../../models/instant';
import type { Clock, Terms, Version } from '../../../models/sla/clock/shape';
import type { Explanation } from './shape';

type Promised = z.infer<typeof Explanation>['promise'];

/** `isInside`: they see policies, too. */
export async function promiseOf(tx: Tx, clock: Clock, isInside: boolean): Promise<Promised> {
  const all = [clock.terms, ...clock.former.map(({ terms }) => terms)];
  const nameOf = await readNames(tx, all);
  const shown = (terms: Terms, since: Instant, until: Instant | null) => ({
    policy: isInside ? { ...named(terms.policy, nameOf), rule: terms.rule } : null,
    calendar: named(terms.calendar, nameOf),
    targetSeconds: terms.targetSeconds,
    onChange: terms.onChange,
    ...{ since, until },
  });
  return {
    ...shown(clock.terms, clock.termsSince, null),
    former: clock.former.map(({ terms, since, until }) => shown(terms, since, until)),
  };
}

function named({ id, version }: Version, nameOf: (one: Version) => string) {
  return { id, version, name: nameOf({ id, version }) };
}

interface Named extends Version {
  readonly name: string;
}

/** The names that the versions had. */
async function readNames(tx: Tx, terms: readonly Terms[]): Promise<(one: Version) => string> {
  const wanted = terms.flatMap(({ policy, calendar }) => [policy, calendar]);
  const rows = await tx.rows<Named>(
    `with wanted as (select * from unnest($2::uuid[], $3::integer[]) as w (id, version))
     select p.id, p.version, p.name from sla_policies p join wanted w using (id, version)
      where p.organization_id = $1
     union
     select c.id, c.version, c.name from calendars c join wanted w using (id, version)
      where c.organization_id = $1`,
    [tx.organizationId, wanted.map(({ id }) => id), wanted.map(({ version }) => version)],
  );
  return ({ id, version }) => {
    const found = rows.find((row) => row.id === id && row.version === version);
    if (!found) throw new Error(`There is no version ${version} of ${id}`);
    return found.name;
  };
}
