/** What a service desk knows of a person; and people without a login, who only ask for things. */
export const people = `
alter table users
  alter column password_hash drop not null,
  add column phone text,
  add column title text,
  add column department text,
  add column location_id uuid,
  add column locale text,
  add column timezone text,
  add column is_vip boolean not null default false,
  add column revision integer not null default 1,
  add foreign key (organization_id, location_id) references locations (organization_id, id);`;
