/** Everything that the rows say of each ticket at one instant, as text: equal text, equal ticket. */
import type { Client } from 'pg';
import { z } from 'zod';

const Entry = z.object({ key: z.string(), at: z.string(), n: z.number() });

const TicketRecord = z.object({
  id: z.string(),
  /** `acme/incident/INC0000042`. */
  name: z.string(),
  isSettled: z.boolean(),
  state: z.string(),
  version: z.number(),
  agenda: z.array(Entry),
  /** The row without the lease of whoever looks at it at the moment. */
  row: z.string(),
  /** Lines of the feed, in order. */
  feed: z.array(z.string()),
  /** Comments, notices and refusals. */
  rest: z.string(),
  /** Ids of messages that the engine has not confirmed. */
  owed: z.array(z.string()),
});
export type TicketRecord = z.infer<typeof TicketRecord>;

const everyTicket = `
  select t.id, o.slug || '/' || t.type || '/' || t.number as name, t.is_settled as "isSettled",
         t.state, t.version, t.snapshot -> 'agenda' as agenda,
         (to_jsonb(t) - 'lease_until')::text as row,
         array(select (to_jsonb(e))::text from ticket_events e
                where (e.organization_id, e.ticket_id) = (t.organization_id, t.id)
                order by e.version) as feed,
         jsonb_build_array(
           (select jsonb_agg(to_jsonb(c) order by c.id) from ticket_comments c
             where (c.organization_id, c.ticket_id) = (t.organization_id, t.id)),
           (select jsonb_agg(to_jsonb(m) order by m.id) from notifications m
             where (m.organization_id, m.ticket_id) = (t.organization_id, t.id)),
           (select jsonb_agg(to_jsonb(r) order by r.cause) from ticket_refusals r
             where (r.organization_id, r.ticket_id) = (t.organization_id, t.id)))::text as rest,
         array(select b.id from engine_outbox b
                where (b.organization_id, b.ticket_id) = (t.organization_id, t.id)
                order by b.id) as owed
    from tickets t join organizations o on o.id = t.organization_id
   order by t.organization_id, t.id`;

/** Of every ticket of every organization, by id; the client is past the walls of tenants. */
export async function recordOf(client: Client): Promise<Map<string, TicketRecord>> {
  const { rows } = await client.query(everyTicket);
  return new Map(
    z
      .array(TicketRecord)
      .parse(rows)
      .map((record) => [record.id, record]),
  );
}
