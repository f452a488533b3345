/**
 * Somebody leaves: what they had open goes back to its team, as a fact that is owed to the life of each
 * ticket; and who has left can be made unknown.
 */

/**
 * Whoever is given a ticket while their account ends: the share lock waits for the end of the account, or
 * the end for it, so the one or the other of the two statements sees the ticket.
 */
export const leaving = `
alter table users add column deleted_at timestamptz;
create function release_of(person uuid) returns jsonb language sql volatile as $$
  select jsonb_build_object(
    'name', 'released',
    'input', jsonb_build_object('userId', person),
    'actor', jsonb_build_object('kind', 'system', 'id', null, 'name', 'Holdfast', 'role', null),
    'occurredAt', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
$$;
create function release_tickets(organization uuid, person uuid) returns integer language sql volatile as $$
  with released as (
    insert into engine_outbox (organization_id, ticket_id, id, kind, name, payload, lease_until)
    select t.organization_id, t.id, 'released/' || gen_random_uuid(), 'signal', 'fact',
           release_of(person), null
      from tickets t
     where t.organization_id = organization and t.assignee_id = person and t.is_open
    returning 1)
  select count(*)::int from released
$$;
create function release_when_gone() returns trigger language plpgsql as $$
declare
  is_there boolean;
begin
  select is_active into is_there from users
   where organization_id = new.organization_id and id = new.assignee_id for share;
  if not is_there then
    insert into engine_outbox (organization_id, ticket_id, id, kind, name, payload, lease_until)
    values (new.organization_id, new.id, 'released/' || gen_random_uuid(), 'signal', 'fact',
            release_of(new.assignee_id), null);
  end if;
  return null;
end $$;
create trigger tickets_assigned after update of assignee_id on tickets
  for each row when (new.is_open and new.assignee_id is distinct from old.assignee_id
                     and new.assignee_id is not null)
  execute function release_when_gone();
create trigger tickets_opened_assigned after insert on tickets
  for each row when (new.is_open and new.assignee_id is not null)
  execute function release_when_gone();`;
