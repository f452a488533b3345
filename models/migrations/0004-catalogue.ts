/** What administrators do is recorded, and what tickets refer to can be edited with a revision. */
import { walled } from './walls';

export const catalogue = `
create table audit_events (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  action text not null,
  actor jsonb not null,
  actor_id uuid,
  address text not null,
  request_id text not null,
  target_type text not null,
  target_id uuid not null,
  target_name text not null,
  before jsonb,
  after jsonb,
  primary key (organization_id, id)
);
create index audit_events_recent on audit_events (organization_id, at desc, id);
create index audit_events_target on audit_events (organization_id, target_id, at);
${walled('audit_events')}
-- What was done stays done: nobody edits it, and nothing in the product deletes it.
revoke update, delete on audit_events from holdfast_app;

create table locations (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  timezone text,
  is_active boolean not null default true,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name)
);
${walled('locations')}
alter table categories add column revision integer not null default 1;
alter table teams add column revision integer not null default 1;
alter table services
  add column revision integer not null default 1,
  add column owner_id uuid,
  add column criticality text check (criticality in ('high', 'medium', 'low')),
  add foreign key (organization_id, owner_id) references users (organization_id, id);`;
