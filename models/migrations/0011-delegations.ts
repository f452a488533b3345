/** Who stands in for whom, and when. */
import { walled } from './walls';

export const delegations = `
create table delegations (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  substitute_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id),
  foreign key (organization_id, substitute_id) references users (organization_id, id),
  check (ends_at > starts_at),
  check (substitute_id <> user_id)
);
create index delegations_user on delegations (organization_id, user_id, ends_at);
create index delegations_substitute on delegations (organization_id, substitute_id, ends_at);
${walled('delegations')}
-- Who acts in the place of somebody at a moment: whoever stands in for their substitute, too, and so on.
-- Nobody when they are there themselves. Where all stand in for each other the last one is taken.
create function substitute_of(organization uuid, person uuid, moment timestamptz)
  returns uuid language sql stable as $$
  with recursive stands as (
    select person as id, 0 as depth, array[person] as path
     union all
    select d.substitute_id, s.depth + 1, s.path || d.substitute_id
      from stands s
      join delegations d on d.organization_id = organization and d.user_id = s.id
                        and d.starts_at <= moment and d.ends_at > moment
      join users u on u.organization_id = organization and u.id = d.substitute_id and u.is_active
     where d.substitute_id <> all (s.path) and s.depth < 5)
  select id from stands where depth > 0 order by depth desc limit 1
$$;`;
