/** Who gets a new ticket: rules that name a team, how a team shares them out, and whose turn it was. */
import { walled } from './walls';

const rules = `
create table assignment_rules (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  ticket_type text not null,
  name text not null,
  -- The lowest is asked first; of several the first by name.
  position integer not null default 0,
  -- In the filter language; null: every ticket of the type.
  condition text,
  team_id uuid not null,
  skills text[] not null default '{}',
  is_active boolean not null default true,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, team_id) references teams (organization_id, id)
);
create index assignment_rules_order on assignment_rules (organization_id, ticket_type, position);
${walled('assignment_rules')}`;

const turns = `
alter table teams
  add column assignment jsonb not null default '{"strategy": "manual"}';
create table team_turns (
  organization_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  -- Counts the tickets that the team has given out; of each member the last one. An order by instants would
  -- not do: many share one, and clocks go back.
  turn bigint not null,
  last_at timestamptz not null,
  primary key (organization_id, team_id, user_id),
  foreign key (organization_id, team_id) references teams (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references users (organization_id, id)
);
${walled('team_turns')}
-- Whoever had the last ticket of a requester; one who reports by the thousand has as many.
create index tickets_handled on tickets (organization_id, requester_id, opened_at desc)
  where assignee_id is not null;`;

export const assignment = [rules, turns].join('\n');
