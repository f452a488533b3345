/**
 * Lists of a hundred thousand people: an index for each order, and one for parts of their texts. Below
 * row-level security PostgreSQL asks no index of trigrams, as `ilike` is not leakproof, so a function asks it
 * that sees the present organization only and gives nothing but ids.
 */

const orders = `
create index users_by_name on users (organization_id, name, id) where not is_service;
create index users_by_email on users (organization_id, email, id) where not is_service;
create index users_by_age on users (organization_id, created_at, id) where not is_service;`;

/** A line feed between them: none of them has one, so nothing is found across two. */
const texts = `name || E'\\n' || email || E'\\n' || coalesce(title, '') || E'\\n' || coalesce(department, '')`;

const search = `
create extension if not exists btree_gin;
create extension if not exists pg_trgm;
create index users_texts on users using gin (organization_id, (${texts}) gin_trgm_ops)
 where not is_service;
create function people_with(part text, most integer) returns setof uuid
  language sql stable security definer set search_path = public, pg_temp as $$
  select id from users
   where organization_id = nullif(current_setting('app.organization', true), '')::uuid
     and not is_service and (${texts}) ilike part
   limit most
$$;
alter function people_with(text, integer) owner to holdfast_system;
revoke all on function people_with(text, integer) from public;
grant execute on function people_with(text, integer) to holdfast_app;`;

export const manyPeople = [orders, search].join('\n');
