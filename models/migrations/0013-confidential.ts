/**
 * Tickets that only one team sees (docs/adr/0016-confidential.md): the team stands in the row, and services
 * say for which tickets it does so from the start.
 */
export const confidential = `
alter table services
  add column is_confidential boolean not null default false,
  add constraint services_confidential_team check (not is_confidential or team_id is not null);
alter table tickets
  add column confidential_team_id uuid,
  add foreign key (organization_id, confidential_team_id) references teams (organization_id, id);
-- Few are: a list of them finds a page by this; all other lists pass them by.
create index tickets_confidential on tickets (organization_id, type, opened_at desc, id)
  where confidential_team_id is not null;`;
