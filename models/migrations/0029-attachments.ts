/**
 * Files that people add to tickets, and tags. The bytes are in a store beside the database; whatever is there
 * has a row here that was committed before the first byte was written (docs/adr/0025-attachments.md).
 */
import { walled } from './walls';

const files = `
create table attachment_files (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  -- In hexadecimal; null until all of it has arrived.
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint check (bytes >= 0),
  -- Since when no attachment has it; null: one does.
  unheld_since timestamptz default clock_timestamp(),
  -- Since when it is being removed: nobody takes it any more.
  condemned_at timestamptz,
  primary key (organization_id, id),
  check ((sha256 is null) = (bytes is null))
);
create unique index attachment_files_content on attachment_files (organization_id, sha256)
  where condemned_at is null;
create index attachment_files_unheld on attachment_files (unheld_since) where unheld_since is not null;
create table attachments (
  organization_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  comment_id uuid,
  file_id uuid not null,
  name text not null,
  media_type text not null,
  is_public boolean not null,
  added_by_id uuid not null,
  added_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id),
  foreign key (organization_id, comment_id) references ticket_comments (organization_id, id),
  foreign key (organization_id, file_id) references attachment_files (organization_id, id),
  foreign key (organization_id, added_by_id) references users (organization_id, id)
);
create index attachments_ticket on attachments (organization_id, ticket_id, added_at, id);
create index attachments_file on attachments (organization_id, file_id);
${walled('attachment_files', 'attachments')}`;

/** Files that nobody has had for a day; those whose removal was begun and not ended come again. */
const condemn = `
create function condemn_files(how_many integer)
  returns table (organization_id uuid, id uuid)
  language sql volatile security definer set search_path = public, pg_temp as $$
  update attachment_files f
     set condemned_at = now()
    from (select u.organization_id, u.id from attachment_files u
           where u.unheld_since < now() - interval '24 hours'
             and (u.condemned_at is null or u.condemned_at < now() - interval '10 minutes')
           order by u.unheld_since limit how_many for update skip locked) due
   where (f.organization_id, f.id) = (due.organization_id, due.id)
  returning f.organization_id, f.id
$$;
alter function condemn_files(integer) owner to holdfast_system;
revoke all on function condemn_files(integer) from public;
grant execute on function condemn_files(integer) to holdfast_app;`;

const tags = `
alter table tickets add column tags text[] not null default '{}';
create index tickets_tagged on tickets (organization_id, type, opened_at desc, id) where tags <> '{}';`;

export const attachments = [files, condemn, tags].join('\n');
