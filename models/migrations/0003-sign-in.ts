/**
 * Sessions are rows that every request asks, so that what ends one acts at once; passwords have an age and
 * a past; failed sign-ins are counted by address, whether or not somebody has it (ADR 0013).
 */
import { walled } from './walls';

const sessions = `
create table sessions (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  address text not null default '',
  user_agent text not null default '',
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index sessions_user on sessions (organization_id, user_id, created_at);
create index sessions_expires on sessions (expires_at);
-- The owner, too, is bound by the walls; what runs in this transaction is to see all sessions.
alter table refresh_tokens no force row level security;
insert into sessions (organization_id, id, user_id, created_at, last_used_at, expires_at, ended_at)
select organization_id, family_id, (array_agg(user_id))[1], min(created_at), max(created_at),
       max(expires_at), max(revoked_at)
  from refresh_tokens group by organization_id, family_id;
alter table refresh_tokens force row level security;
${walled('sessions')}`;

const passwords = `
alter table organizations add column suspended_at timestamptz;
alter table users
  add column password_changed_at timestamptz not null default now(),
  add column must_change_password boolean not null default false;
create table past_passwords (
  organization_id uuid not null,
  user_id uuid not null,
  id uuid not null,
  password_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, user_id, id),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
${walled('past_passwords')}`;

/** Tenantless: an address is tried before it is known whose it is, and most that are tried are nobody's. */
const failures = `
create table login_failures (
  -- SHA-256 of the address in small letters.
  address_hash text primary key,
  failures integer not null,
  since timestamptz not null,
  -- How often in a row it was locked: each time for twice as long.
  locks integer not null default 0,
  locked_until timestamptz
);
create index login_failures_since on login_failures (since);
grant select, insert, update, delete on login_failures to holdfast_app;
grant select, delete on login_failures to holdfast_system;
create function note_failed_login(hash text, allowed integer, window_seconds integer, cap_seconds integer)
  returns void language plpgsql volatile as $$
declare
  moment constant timestamptz := clock_timestamp();
  standing login_failures;
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
  end if;
  update login_failures
     set failures = standing.failures, since = standing.since, locks = standing.locks,
         locked_until = standing.locked_until
   where address_hash = hash;
end $$;`;

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
       where window_start < now() - interval '24 hours' limit how_many)) returning 1)
  select ((select count(*) from keys) + (select count(*) from commands) + (select count(*) from tokens)
        + (select count(*) from over) + (select count(*) from failed) + (select count(*) from limits))::int
$$;
grant select, delete on sessions to holdfast_system;`;

export const signIn = [sessions, passwords, failures, purge].join('\n');
