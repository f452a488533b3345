/** Ids of people in whose place the user `u` acts at this moment; null: nobody's. */
export const standsForSql = `
  (select array_agg(d.user_id order by d.user_id) from delegations d
    where d.organization_id = u.organization_id and d.substitute_id = u.id
      and d.starts_at <= clock_timestamp() and d.ends_at > clock_timestamp())`;
