/** Programs come in with tokens of their own: of a person, or of an account that is nobody's. */
import { walled } from './walls';

export const tokens = `
alter table users add column is_service boolean not null default false;
create table api_tokens (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  -- SHA-256, hexadecimal; the token itself is shown once and kept nowhere.
  token_hash text not null,
  scopes text[] not null,
  -- Null: from everywhere.
  addresses inet[],
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  -- Brought up to date at most once a minute.
  last_used_at timestamptz,
  last_used_from text,
  revoked_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, token_hash),
  foreign key (organization_id, user_id) references users (organization_id, id),
  foreign key (organization_id, created_by) references users (organization_id, id)
);
create index api_tokens_user on api_tokens (organization_id, user_id, created_at);
${walled('api_tokens')}`;
