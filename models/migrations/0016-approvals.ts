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

/** Which changes of a table the rounds hear of. */
interface Hearing {
  readonly table: string;
  /** Name of the trigger's function. */
  readonly name: string;
  /** `after update of chair_id`. */
  readonly on: string;
  /** Of the row before and after: `old`, `new`. */
  readonly when?: string;
  /** What `watches` may name; `present` is the row, the one before where it is deleted. */
  readonly keys: string;
}

/** A trigger that reaches tickets whoever changes the row: an operator sees none. */
export function heard({ table, name, on, when, keys }: Hearing): string {
  return `
create function ${name}() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  present constant ${table} := coalesce(new, old);
begin
  perform recheck_rounds(present.organization_id, array[${keys}]);
  return null;
end $$;
alter function ${name}() owner to holdfast_system;
revoke all on function ${name}() from public;
create trigger ${table}_heard ${on} on ${table}
  for each row ${when === undefined ? '' : `when (${when})`} execute function ${name}();`;
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
${heard({
  table: 'users',
  name: 'person_changed',
  on: 'after update of is_active, manager_id, role',
  when: `old.is_active is distinct from new.is_active or old.manager_id is distinct from new.manager_id
         or old.role is distinct from new.role`,
  keys: `'person/' || new.id, 'role/' || old.role, 'role/' || new.role`,
})}
${heard({
  table: 'team_members',
  name: 'membership_changed',
  on: 'after insert or delete',
  keys: `'team/' || present.team_id`,
})}
${heard({
  table: 'services',
  name: 'owner_changed',
  on: 'after update of owner_id',
  when: 'old.owner_id is distinct from new.owner_id',
  keys: `'service/' || present.id`,
})}
${heard({
  table: 'role_assignments',
  name: 'assignment_changed',
  on: 'after insert or update or delete',
  keys: `'role/' || present.role_id, 'role/' || (
    select base from roles where organization_id = present.organization_id and id = present.role_id)`,
})}`;

export const approvals = [columns, rechecking].join('\n');
