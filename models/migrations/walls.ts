/** The wall between tenants for tables of later migrations; those of the foundation have theirs. */

/** SQL that shows each of these tables to one organization at a time, also to their owner. */
export function walled(...tables: readonly string[]): string {
  return tables
    .map(
      (table) => `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant on ${table}
  using (organization_id = nullif(current_setting('app.organization', true), '')::uuid);
create policy across on ${table} to holdfast_system using (true) with check (true);
grant select, insert, update, delete on ${table} to holdfast_app;`,
    )
    .join('\n');
}
