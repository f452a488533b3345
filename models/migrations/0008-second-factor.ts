/**
 * A second factor for each person who wants or must have one, and when a session last proved who uses it
 * (ADR 0014). A challenge is a sign-in that still lacks its code.
 */
import { walled } from './walls';

const factors = `
alter table sessions add column factor_at timestamptz;
create table second_factors (
  organization_id uuid not null,
  user_id uuid not null,
  -- Both secrets are encrypted. There is one as soon as the factor is on.
  secret text,
  on_since timestamptz,
  -- Number of the 30 seconds since 1970 whose code was used last: neither it nor an earlier one comes again.
  last_step integer,
  -- Of an enrolment that has not been confirmed.
  proposed_secret text,
  proposed_at timestamptz,
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references users (organization_id, id),
  check ((secret is null) = (on_since is null)),
  check ((proposed_secret is null) = (proposed_at is null))
);
create table recovery_codes (
  organization_id uuid not null,
  user_id uuid not null,
  -- SHA-256, hexadecimal.
  code_hash text not null,
  primary key (organization_id, user_id, code_hash),
  foreign key (organization_id, user_id) references second_factors (organization_id, user_id) on delete cascade
);
create table sign_in_challenges (
  organization_id uuid not null,
  token_hash text not null,
  user_id uuid not null,
  failures integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index sign_in_challenges_expires on sign_in_challenges (expires_at);
${walled('second_factors', 'recovery_codes', 'sign_in_challenges')}`;

const purge = `
create function purge_expired_challenges(how_many integer)
  returns integer language sql volatile security definer set search_path = public, pg_temp as $$
  with over as (
    delete from sign_in_challenges where ctid = any(array(
      select ctid from sign_in_challenges where expires_at < now() limit how_many)) returning 1)
  select count(*)::int from over
$$;
grant select, delete on sign_in_challenges to holdfast_system;
alter function purge_expired_challenges(integer) owner to holdfast_system;
revoke all on function purge_expired_challenges(integer) from public;
grant execute on function purge_expired_challenges(integer) to holdfast_app;`;

export const secondFactor = [factors, purge].join('\n');
