/**
 * What is kept for a time only is deleted by the workers, a few rows at a time, and no longer by the
 * request that happens to come next (docs/adr/0012-few-round-trips.md).
 */
export const purge = `
create index idempotency_keys_created on idempotency_keys (created_at);
drop index idempotency_keys_age;
create index refresh_tokens_expires on refresh_tokens (expires_at);
create function purge_expired(how_many integer)
  returns integer language sql volatile security definer set search_path = public, pg_temp as $$
  with keys as (
    delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys
       where created_at < now() - interval '24 hours' limit how_many)) returning 1),
  commands as (
    delete from pending_commands where ctid = any(array(
      select ctid from pending_commands
       where received_at < now() - interval '24 hours' limit how_many)) returning 1),
  tokens as (
    delete from refresh_tokens where ctid = any(array(
      select ctid from refresh_tokens where expires_at < now() limit how_many)) returning 1),
  limits as (
    delete from rate_limits where ctid = any(array(
      select ctid from rate_limits
       where window_start < now() - interval '24 hours' limit how_many)) returning 1)
  select ((select count(*) from keys) + (select count(*) from commands)
        + (select count(*) from tokens) + (select count(*) from limits))::int
$$;
grant select, delete on idempotency_keys, pending_commands, refresh_tokens, rate_limits to holdfast_system;
alter function purge_expired(integer) owner to holdfast_system;
revoke all on function purge_expired(integer) from public;
grant execute on function purge_expired(integer) to holdfast_app;`;
