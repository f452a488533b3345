/**
 * The ground on which changes are decided: boards, freezes, maintenance windows, and the templates of
 * standard changes.
 */
import { walled } from './walls';

/** Whatever names services has a table of these names, so that none is named that is not there. */
function namingServices(table: string, owner: string): string {
  const links = `${owner}_services`;
  return `
create table ${links} (
  organization_id uuid not null,
  ${owner}_id uuid not null,
  service_id uuid not null,
  primary key (organization_id, ${owner}_id, service_id),
  foreign key (organization_id, ${owner}_id) references ${table} (organization_id, id) on delete cascade,
  foreign key (organization_id, service_id) references services (organization_id, id)
);
create index ${links}_service on ${links} (organization_id, service_id);
${walled(table, links)}`;
}

const boards = `
create table boards (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('cab', 'ecab')),
  chair_id uuid not null,
  is_active boolean not null default true,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, chair_id) references users (organization_id, id)
);
create table board_members (
  organization_id uuid not null,
  board_id uuid not null,
  user_id uuid not null,
  primary key (organization_id, board_id, user_id),
  foreign key (organization_id, board_id) references boards (organization_id, id) on delete cascade,
  foreign key (organization_id, user_id) references users (organization_id, id)
);
create index board_members_user on board_members (organization_id, user_id);
${walled('boards', 'board_members')}`;

const freezes = `
create table freezes (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  check (ends_at > starts_at)
);
create index freezes_until on freezes (organization_id, ends_at);
${namingServices('freezes', 'freeze')}`;

const maintenance = `
create table maintenance_windows (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  -- A business calendar: open is when work is allowed.
  definition jsonb not null,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name)
);
${namingServices('maintenance_windows', 'maintenance_window')}`;

const templates = `
create table change_templates (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null,
  title text not null,
  description text not null default '',
  category_id uuid,
  plans jsonb not null default '{}',
  risk jsonb not null,
  duration_minutes integer not null check (duration_minutes > 0),
  state text not null default 'draft' check (state in ('draft', 'approved', 'retired')),
  -- Counts what was approved: an edit of an approved one begins the next.
  version integer not null default 1,
  -- Whoever wrote it last: somebody else approves it.
  written_by_id uuid not null,
  approved_by_id uuid,
  approved_at timestamptz,
  used_at timestamptz,
  revision integer not null default 1,
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, category_id) references categories (organization_id, id),
  foreign key (organization_id, written_by_id) references users (organization_id, id),
  foreign key (organization_id, approved_by_id) references users (organization_id, id),
  check (state <> 'approved' or (approved_at is not null and approved_by_id is not null))
);
${namingServices('change_templates', 'change_template')}`;

export const changeGround = [boards, freezes, maintenance, templates].join('\n');
