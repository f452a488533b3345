/**
 * Mail goes out by an outbox: written with what causes it, then handed to a workflow of its own. Links in
 * mails are tokens for one use; whoever has one chooses a password.
 */
import { walled } from './walls';

const links = `
create table link_tokens (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  purpose text not null check (purpose in ('invitation', 'passwordReset')),
  -- Where it was sent: it ends when the person gets another address.
  address text not null,
  -- SHA-256 of the token.
  token_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  -- Used, or replaced by a later one.
  ended_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index link_tokens_user on link_tokens (organization_id, user_id);
create index link_tokens_expires on link_tokens (expires_at);
${walled('link_tokens')}`;

const mails = `
create table mails (
  organization_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('invitation', 'passwordReset', 'lockout')),
  user_id uuid not null,
  to_address text not null,
  subject text not null,
  -- The link is put in when it is sent, in place of {link}.
  text text not null,
  -- Gone when it was sent, and when its token has ended.
  link text,
  link_expires_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  -- When the engine took it over.
  started_at timestamptz,
  -- Until then nobody hands it over (again).
  lease_until timestamptz,
  attempts integer not null default 0,
  last_error text,
  sent_at timestamptz,
  given_up_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index mails_recent on mails (organization_id, created_at desc, id);
create index mails_user on mails (organization_id, user_id, created_at);
create index mails_waiting on mails (lease_until) where sent_at is null and given_up_at is null;
create index mails_created on mails (created_at);
create index mails_link on mails (link_expires_at) where link is not null;
${walled('mails')}
grant select, update, delete on mails to holdfast_system;
grant select, delete on link_tokens to holdfast_system;
create function claim_mails(how_many integer, lease_seconds integer)
  returns table (organization_id uuid, organization_slug text, id uuid)
  language sql volatile security definer set search_path = public, pg_temp as $$
  update mails m
     set lease_until = now() + make_interval(secs => lease_seconds)
    from (select p.organization_id, o.slug, p.id
            from mails p join organizations o on o.id = p.organization_id
           where p.sent_at is null and p.given_up_at is null and o.suspended_at is null
             and (p.lease_until is null or p.lease_until < now())
           order by p.created_at limit how_many for update of p skip locked) due
   where (m.organization_id, m.id) = (due.organization_id, due.id)
  returning m.organization_id, due.slug, m.id
$$;
alter function claim_mails(integer, integer) owner to holdfast_system;
revoke all on function claim_mails(integer, integer) from public;
grant execute on function claim_mails(integer, integer) to holdfast_app;`;

/** As before, but it tells whether this failure has locked the address: its owner is told once for each lock. */
const failures = `
drop function note_failed_login(text, integer, integer, integer);
create function note_failed_login(hash text, allowed integer, window_seconds integer, cap_seconds integer)
  returns boolean language plpgsql volatile as $$
declare
  moment constant timestamptz := clock_timestamp();
  standing login_failures;
  has_locked boolean := false;
begin
  insert into login_failures (address_hash, failures, since) values (hash, 0, moment)
  on conflict (address_hash) do nothing;
  select * into standing from login_failures where address_hash = hash for update;
  if standing.since < moment - make_interval(secs => window_seconds) then
    standing.failures := 0;
    standing.since := moment;
  end if;
  standing.failures := standing.failures + 1;
  if standing.failures >= allowed then
    standing.locked_until := moment
      + make_interval(secs => least(window_seconds * power(2, standing.locks), cap_seconds));
    standing.locks := standing.locks + 1;
    standing.failures := 0;
    standing.since := moment;
    has_locked := true;
  end if;
  update login_failures
     set failures = standing.failures, since = standing.since, locks = standing.locks,
         locked_until = standing.locked_until
   where address_hash = hash;
  return has_locked;
end $$;`;

/** Links are deleted when they have expired, also out of mails that were never sent; mails after 90 days. */
const purge = `
create or replace function purge_expired(how_many integer)
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
  over as (
    delete from sessions where ctid = any(array(
      select ctid from sessions where expires_at < now() - interval '30 days' limit how_many)) returning 1),
  failed as (
    delete from login_failures where ctid = any(array(
      select ctid from login_failures
       where since < now() - interval '24 hours' and coalesce(locked_until < now(), true)
       limit how_many)) returning 1),
  limits as (
    delete from rate_limits where ctid = any(array(
      select ctid from rate_limits
       where window_start < now() - interval '24 hours' limit how_many)) returning 1),
  links as (
    delete from link_tokens where ctid = any(array(
      select ctid from link_tokens where expires_at < now() limit how_many)) returning 1),
  unlinked as (
    update mails set link = null where ctid = any(array(
      select ctid from mails
       where link is not null and link_expires_at < now()
         and created_at >= now() - interval '90 days' limit how_many)) returning 1),
  old as (
    delete from mails where ctid = any(array(
      select ctid from mails where created_at < now() - interval '90 days' limit how_many)) returning 1)
  select ((select count(*) from keys) + (select count(*) from commands) + (select count(*) from tokens)
        + (select count(*) from over) + (select count(*) from failed) + (select count(*) from limits)
        + (select count(*) from links) + (select count(*) from unlinked) + (select count(*) from old))::int
$$;`;

export const mail = [links, mails, failures, purge].join('\n');
