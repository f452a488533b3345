/** SLA policies as ordered rules that administrators edit: a head for each policy above its versions. */
import { walled } from './walls';

const rules = `
alter table sla_policies
  -- See models/sla/policy/shape.ts.
  add column rules jsonb not null default '[]',
  add column position integer not null default 0,
  -- From published_at on it is in force for tickets, too, that were opened before.
  add column applies_to_open boolean not null default false,
  -- Only the release before this one reads it.
  alter column definition set default '{"warnPercent": 75, "escalatePercent": 150, "targets": []}';
-- What the release before wrote, as rules: priorities that are counted on the same calendars are one rule.
create function policy_rules(organization uuid, definition jsonb) returns jsonb
  language sql stable as $$
  with targets as (
    select distinct on (t->>'priority', t->>'metric') t->>'priority' as priority, t->>'metric' as metric,
           t->'targetSeconds' as seconds, t->>'calendarId' as calendar_id
      from jsonb_array_elements(definition->'targets') with ordinality as e (t, n)
     order by t->>'priority', t->>'metric', n),
  counted as (
    select priority, jsonb_object_agg(metric, calendar_id) as calendars from targets group by priority),
  grouped as (
    select calendars, array_agg(priority order by priority) as priorities from counted group by calendars),
  called as (
    select priorities, (
      select string_agg(distinct coalesce(b.name, e.value), ', ')
        from jsonb_each_text(calendars) e
        left join business_calendars b on b.organization_id = organization and b.id::text = e.value) as name
      from grouped),
  numbered as (
    select *, row_number() over (partition by name order by priorities) as n from called)
  select coalesce(jsonb_agg(jsonb_build_object(
      'name', name || case when n > 1 then ' ' || n else '' end,
      'when', 'priority=in=(' || array_to_string(priorities, ',') || ')',
      'targets', (
        select jsonb_agg(jsonb_build_object(
            'id', case metric when 'firstResponse' then 'response' else metric end,
            'kind', 'SLA',
            'metric', metric,
            'targetSeconds', by_priority,
            'calendar', jsonb_build_object('calendarId', calendar_id)) order by metric)
          from (select metric, calendar_id, jsonb_object_agg(priority, seconds) as by_priority
                  from targets where priority = any (priorities)
                 group by metric, calendar_id) promised)
    ) order by priorities), '[]')
    from numbered
$$;
-- The owner, too, is bound by the walls; this transaction is to see all organizations.
alter table sla_policies no force row level security;
alter table business_calendars no force row level security;
update sla_policies set rules = policy_rules(organization_id, definition);
alter table business_calendars force row level security;`;

const heads = `
-- The policy itself. What it promises is in the versions of it, in the table sla_policies: those are never
-- edited, as running clocks name them. One that was withdrawn before it came into force is published at infinity.
create table sla_policy_heads (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  ticket_type text not null,
  -- In which order policies are asked; a version keeps that of its publication.
  position integer not null default 0,
  -- What the next version will say; null: as the newest one.
  draft jsonb,
  state text not null default 'draft' check (state in ('draft', 'published', 'retired')),
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  check (state <> 'draft' or draft is not null)
);
insert into sla_policy_heads (organization_id, id, name, ticket_type, state)
  select distinct on (organization_id, id) organization_id, id, name, ticket_type, 'published'
    from sla_policies order by organization_id, id, version desc;
alter table sla_policies force row level security;
${walled('sla_policy_heads')}
-- Whoever founds an organization writes versions only; the release before this one writes no rules.
create function name_policy() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.rules = '[]' then
    new.rules := policy_rules(new.organization_id, new.definition);
  end if;
  insert into sla_policy_heads (organization_id, id, name, ticket_type, position, state)
  values (new.organization_id, new.id, new.name, new.ticket_type, new.position, 'published')
  on conflict do nothing;
  return new;
end $$;
create trigger sla_policies_named before insert on sla_policies
  for each row execute function name_policy();
grant insert on sla_policy_heads to holdfast_system;
alter function name_policy() owner to holdfast_system;
revoke all on function name_policy() from public;
alter table sla_policies
  add foreign key (organization_id, id) references sla_policy_heads (organization_id, id);`;

export const policies = [rules, heads].join('\n');
