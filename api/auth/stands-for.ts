/** In whose place somebody acts: asked on every request, so it costs next to nothing for whoever acts in nobody's. */
import type { Database } from '../../models/database';

/** Ids of people who have named the user `u` as their substitute for this moment; null: nobody has. */
export const namedBySql = `
  (select array_agg(d.user_id order by d.user_id) from delegations d
    where d.organization_id = u.organization_id and d.substitute_id = u.id
      and d.starts_at <= clock_timestamp() and d.ends_at > clock_timestamp())`;

/** Backwards along the chain, then asked of the function by which rules know a substitute. */
const standsForSql = `
  with recursive away as (
    select d.user_id as id, 1 as depth from delegations d
     where d.organization_id = $1 and d.substitute_id = $2
       and d.starts_at <= clock_timestamp() and d.ends_at > clock_timestamp()
     union
    select d.user_id, a.depth + 1 from away a
      join delegations d on d.organization_id = $1 and d.substitute_id = a.id
       and d.starts_at <= clock_timestamp() and d.ends_at > clock_timestamp()
     where a.depth < 5)
  select a.id from (select distinct id from away) a
   where substitute_of($1, a.id, clock_timestamp()) = $2
   order by a.id`;

interface Named {
  readonly id: string;
  readonly standsFor?: readonly string[] | undefined;
}

/**
 * With those in whose place they act, of whom `standsFor` so far has the ones who named them. A substitute who
 * is away acts in nobody's place: whoever stands in for them does.
 */
export async function atTheEndOfChains<A extends Named>(
  database: Pick<Database, 'once'>,
  organizationId: string,
  actor: A,
): Promise<A> {
  if (actor.standsFor === undefined) return actor;
  const binds = [organizationId, actor.id];
  const rows = await database.once<{ id: string }>(organizationId, standsForSql, binds);
  return { ...actor, standsFor: rows.map(({ id }) => id) };
}
