/**
 * Tickets that wait for answers of people, and are planned; and what is told to rounds of approval when
 * somebody leaves, changes manager, team or role: who may answer is found anew, so that no round can hang.
 */

const columns = `
alter table tickets
  add column awaited_ids uuid[] not null default '{}',
  add column planned_start timestamptz,
  add column planned_end timestamptz;
create index tickets_awaiting on tickets (organization_id, type, opened_at desc, id)
  where awaited_ids <> '{}';
create index tickets_planned on tickets (organization_id, type, planned_end)
  where planned_end is not null;
create index users_leading on users (organization_id, role)
  where role in ('manager', 'admin');`;

/** A trigger's function that reaches tickets whoever changes the row: an operator sees none. */
export function heard(name: string, body: string): string {
  return `
create function ${name}() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$${body} $$;
alter function ${name}() owner to holdfast_system;
revoke all on function ${name}() from public;`;
}

/**
 * Written with the change of people, in the same transaction: `watches` of a round names what its list of
 * approvers was made of. A reminder finds them anew, too, for what changes without a row, as an end does.
 */
const rechecking = `
create function recheck_rounds(organization uuid, keys text[]) returns void language sql volatile as $$
  insert into engine_outbox (organization_id, ticket_id, id, kind, name, payload, lease_until)
  select t.organization_id, t.id, 'recheck/' || gen_random_uuid(), 'signal', 'fact',
         jsonb_build_object(
           'name', 'recheck', 'input', jsonb_build_object(),
           'actor', jsonb_build_object('kind', 'system', 'id', null, 'name', 'Holdfast', 'role', null),
           'occurredAt', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
         null
    from tickets t
   where t.organization_id = organization and t.is_open and t.awaited_ids <> '{}'
     and t.snapshot -> 'details' -> 'watches' ?| keys
$$;
grant insert on engine_outbox to holdfast_system;
grant select on roles to holdfast_system;
${heard(
  'person_changed',
  `
begin
  perform recheck_rounds(new.organization_id,
    array['person/' || new.id, 'role/' || old.role, 'role/' || new.role]);
  return null;
end`,
)}
create trigger users_changed after update of is_active, manager_id, role on users
  for each row when (old.is_active is distinct from new.is_active
                     or old.manager_id is distinct from new.manager_id
                     or old.role is distinct from new.role)
  execute function person_changed();
${heard(
  'membership_changed',
  `
declare
  member constant team_members := coalesce(new, old);
begin
  perform recheck_rounds(member.organization_id, array['team/' || member.team_id]);
  return null;
end`,
)}
create trigger team_members_changed after insert or delete on team_members
  for each row execute function membership_changed();
${heard(
  'owner_changed',
  `
begin
  perform recheck_rounds(new.organization_id, array['service/' || new.id]);
  return null;
end`,
)}
create trigger services_owner_changed after update of owner_id on services
  for each row when (old.owner_id is distinct from new.owner_id)
  execute function owner_changed();
${heard(
  'assignment_changed',
  `
declare
  given constant role_assignments := coalesce(new, old);
begin
  perform recheck_rounds(given.organization_id, array['role/' || given.role_id]
    || array(select 'role/' || base from roles
              where organization_id = given.organization_id and id = given.role_id and base is not null));
  return null;
end`,
)}
create trigger role_assignments_changed after insert or update or delete on role_assignments
  for each row execute function assignment_changed();`;

export const approvals = [columns, rechecking].join('\n');
