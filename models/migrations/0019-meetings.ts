/**
 * Meetings of boards with what they decided, and since when freezes and maintenance windows are as they are:
 * calendar programs ask for that.
 */
import { walled } from './walls';

const meetings = `
create table meetings (
  organization_id uuid not null,
  id uuid not null,
  board_id uuid not null,
  starts_at timestamptz not null,
  minutes text not null default '',
  state text not null default 'planned' check (state in ('planned', 'held')),
  held_at timestamptz,
  revision integer not null default 1,
  primary key (organization_id, id),
  foreign key (organization_id, board_id) references boards (organization_id, id),
  check ((state = 'held') = (held_at is not null))
);
create index meetings_of_board on meetings (organization_id, board_id, starts_at desc, id);
create table meeting_decisions (
  organization_id uuid not null,
  meeting_id uuid not null,
  -- Of the command that carries it to its round.
  id uuid not null,
  approval_id uuid not null,
  result text not null check (result in ('approved', 'rejected')),
  comment text,
  attendee_ids uuid[] not null,
  decided_by_id uuid not null,
  decided_at timestamptz not null default clock_timestamp(),
  outcome text not null default 'unknown' check (outcome in ('unknown', 'applied', 'refused')),
  code text,
  detail text,
  primary key (organization_id, meeting_id, id),
  foreign key (organization_id, meeting_id) references meetings (organization_id, id),
  foreign key (organization_id, approval_id) references tickets (organization_id, id),
  foreign key (organization_id, decided_by_id) references users (organization_id, id)
);
${walled('meetings', 'meeting_decisions')}`;

const touched = `
create function touch() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;
${['freezes', 'maintenance_windows']
  .map(
    (table) => `
alter table ${table} add column updated_at timestamptz not null default clock_timestamp();
create trigger ${table}_touched before update on ${table} for each row execute function touch();`,
  )
  .join('')}`;

export const meetingsOfBoards = [meetings, touched].join('\n');
