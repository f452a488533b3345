/**
 * Ids of people in whose place the user `u` acts at this moment; null: nobody's. Found backwards from `u`, so
 * that it costs nothing while nobody has named them, then asked of the function by which rules know it.
 */
export const standsForSql = `
  (with recursive away as (
     select d.user_id as id, 1 as depth from delegations d
      where d.organization_id = u.organization_id and d.substitute_id = u.id
        and d.starts_at <= clock_timestamp() and d.ends_at > clock_timestamp()
      union
     select d.user_id, a.depth + 1 from away a
       join delegations d on d.organization_id = u.organization_id and d.substitute_id = a.id
        and d.starts_at <= clock_timestamp() and d.ends_at > clock_timestamp()
      where a.depth < 5)
   select array_agg(a.id order by a.id) from (select distinct id from away) a
    where substitute_of(u.organization_id, a.id, clock_timestamp()) = u.id)`;
