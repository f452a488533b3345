/** Other systems that automatic tasks call, and what tasks have done inside Holdfast. */
import { walled } from './walls';

const systems = `
create table connections (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  -- Tasks name it so: it is never changed.
  name text not null,
  base_url text not null,
  -- Sealed with the secret of the installation; null: requests are not signed.
  signing_secret text,
  signing_secret_at timestamptz,
  -- Sealed, as JSON: values of headers are secrets.
  headers_secret text,
  header_names text[] not null default '{}',
  headers_at timestamptz,
  is_active boolean not null default true,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name)
);
${walled('connections')}`;

const done = `
create table work_done (
  organization_id uuid not null references organizations (id),
  -- The same for every attempt: ticket, key of the work, number.
  idempotency_key text not null,
  result jsonb not null,
  done_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, idempotency_key)
);
${walled('work_done')}`;

const mails = `
alter table mails drop constraint mails_kind_check;
alter table mails add constraint mails_kind_check
  check (kind in ('invitation', 'passwordReset', 'lockout', 'task'));`;

export const connections = [systems, done, mails].join('\n');
