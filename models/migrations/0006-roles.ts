/**
 * Roles are rows: the four protected ones, which each organization has from its first moment on, and
 * those that it makes from permissions. Who is given one beside their own, may have it until an instant.
 */
import { walled } from './walls';

const roles = `
create table roles (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  description text not null default '',
  -- The protected role that this row stands for: its rights follow from the release.
  base text check (base in ('end_user', 'agent', 'manager', 'admin')),
  permissions text[] not null default '{}',
  is_active boolean not null default true,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  unique (organization_id, base),
  check (base is null or permissions = '{}')
);
create function protected_roles(organization uuid) returns setof roles language sql volatile as $$
  select organization, gen_random_uuid(), r.name, r.description, r.base, '{}'::text[], true, 1
    from (values
      ('end_user', 'End user', 'Asks for things and follows what one asked for.'),
      ('agent', 'Agent', 'Works on tickets.'),
      ('manager', 'Manager', 'Answers for teams: priorities, major incidents.'),
      ('admin', 'Administrator', 'Runs the service desk.')) as r (base, name, description)
$$;
-- The owner, too, is bound by the walls; what runs in this transaction is to see all organizations.
alter table organizations no force row level security;
insert into roles select r.* from organizations o, protected_roles(o.id) r;
alter table organizations force row level security;
-- Whoever founds an organization: that its roles are there is not up to them.
create function protect_new_organization() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into roles select * from protected_roles(new.id);
  return null;
end $$;
create trigger organizations_roles after insert on organizations
  for each row execute function protect_new_organization();
create function refuse_protected_role() returns trigger language plpgsql as $$
begin
  raise exception 'a protected role stays as it is' using errcode = 'restrict_violation';
end $$;
-- What ends a whole organization ends its roles, too; it is all that this role may do to them.
create trigger roles_protected before update or delete on roles
  for each row when (old.base is not null and current_user <> 'holdfast_system')
  execute function refuse_protected_role();
${walled('roles')}
grant insert on roles to holdfast_system;
alter function protect_new_organization() owner to holdfast_system;
revoke all on function protect_new_organization() from public;`;

const assignments = `
create table role_assignments (
  organization_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  -- Compared at the moment of decision; null: for as long as nobody takes it.
  valid_until timestamptz,
  given_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, user_id, role_id),
  foreign key (organization_id, user_id) references users (organization_id, id),
  foreign key (organization_id, role_id) references roles (organization_id, id)
);
create index role_assignments_role on role_assignments (organization_id, role_id);
${walled('role_assignments')}`;

/** One place that knows what counts at a moment: the highest protected role, and what is granted beside it. */
const rights = `
create function rights_at(organization uuid, person uuid, own_role text, moment timestamptz)
  returns table (role text, granted text[]) language sql stable as $$
  with given as (
    select r.base, r.permissions
      from role_assignments a
      join roles r on r.organization_id = a.organization_id and r.id = a.role_id
     where a.organization_id = organization and a.user_id = person and r.is_active
       and coalesce(a.valid_until >= moment, true)),
  ranks as (select array['end_user', 'agent', 'manager', 'admin'] as names)
  select names[greatest(array_position(names, own_role),
                        (select max(array_position(names, base)) from given))],
         (select array_agg(distinct p order by p) from given, unnest(permissions) p)
    from ranks
$$;`;

export const customRoles = [roles, assignments, rights].join('\n');
