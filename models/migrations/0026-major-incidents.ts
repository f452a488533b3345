/** Finds major incidents among all; the condition is that of `isMajor` in api/tickets/listing.ts, word for word. */
export const majorIncidents = `
create index tickets_major on tickets (organization_id, type, opened_at desc, id)
  where snapshot -> 'details' ->> 'major' is not null;`;
