/** What members of a team can do and take, on whose calendar teams and services work, and what needs what. */
import { walled } from './walls';

const calendars = `
-- The calendar itself. What it says is in the versions of it, in the table calendars: those are never
-- edited, as running clocks name them.
create table business_calendars (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name)
);
-- The owner, too, is bound by the walls; this transaction is to see all organizations.
alter table calendars no force row level security;
insert into business_calendars (organization_id, id, name)
  select distinct on (organization_id, id) organization_id, id, name
    from calendars order by organization_id, id, version desc;
alter table calendars force row level security;
${walled('business_calendars')}
-- Whoever founds an organization writes versions only, also the release before this one and the operator.
create function name_calendar() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into business_calendars (organization_id, id, name)
  values (new.organization_id, new.id, new.name) on conflict do nothing;
  return new;
end $$;
create trigger calendars_named before insert on calendars
  for each row execute function name_calendar();
grant insert on business_calendars to holdfast_system;
alter function name_calendar() owner to holdfast_system;
revoke all on function name_calendar() from public;
alter table calendars
  add foreign key (organization_id, id) references business_calendars (organization_id, id);
alter table teams
  add column calendar_id uuid,
  add foreign key (organization_id, calendar_id) references business_calendars (organization_id, id);
alter table services
  add column calendar_id uuid,
  add foreign key (organization_id, calendar_id) references business_calendars (organization_id, id);`;

const members = `
alter table team_members
  add column skills text[] not null default '{}',
  -- How many open tickets at once they should have; null: no limit.
  add column capacity integer check (capacity >= 0);
-- Whoever leads a team is in it. Nobody leads one who has been made unknown.
alter table users no force row level security;
alter table teams no force row level security;
alter table team_members no force row level security;
update teams t set lead_id = null
  from users u
 where u.organization_id = t.organization_id and u.id = t.lead_id and u.deleted_at is not null;
insert into team_members (organization_id, team_id, user_id)
  select organization_id, id, lead_id from teams where lead_id is not null
  on conflict do nothing;
alter table users force row level security;
alter table teams force row level security;
alter table team_members force row level security;`;

const dependencies = `
create table service_dependencies (
  organization_id uuid not null,
  service_id uuid not null,
  depends_on_id uuid not null,
  primary key (organization_id, service_id, depends_on_id),
  foreign key (organization_id, service_id)
    references services (organization_id, id) on delete cascade,
  foreign key (organization_id, depends_on_id) references services (organization_id, id),
  check (service_id <> depends_on_id)
);
create index service_dependencies_on on service_dependencies (organization_id, depends_on_id);
${walled('service_dependencies')}`;

export const teams = [calendars, members, dependencies].join('\n');
