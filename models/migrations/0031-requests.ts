/**
 * Finds the requests of an order or of an item, and the tasks of a ticket, as `names` of their processes has
 * them; and tickets by the words of their tags.
 */
export const requests = `
create index tickets_order on tickets (organization_id, ((snapshot #>> '{details,orderId}')::uuid))
  where type = 'request';
create index tickets_item on tickets (organization_id, ((snapshot #>> '{details,item,id}')::uuid))
  where type = 'request';
create index tickets_subject on tickets (organization_id, ((snapshot #>> '{details,subjectId}')::uuid))
  where type = 'task';
create or replace function ticket_tags(t tickets) returns text language sql stable as $$
  select array_to_string(t.tags, ' ')
$$;
create trigger tags_edited after update on tickets for each row
  when (old.tags is distinct from new.tags) execute function text_edited();`;
