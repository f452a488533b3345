/**
 * Many closed tickets in little time: some live their whole life through the API, the rest are copies
 * of their rows and feeds, made by SQL. Closed ones owe the engine nothing, so nobody looks for their lives.
 */
import { drive } from './drive';
import type { Rows } from './rows';
import type { Tickets } from './tickets';

export interface Seeding {
  readonly rows: Rows;
  readonly tickets: Tickets;
  /** Lived through the API. */
  readonly originals: number;
  readonly total: number;
}

const levels = ['high', 'medium', 'low'] as const;

export async function seed(seeding: Seeding): Promise<void> {
  await live(seeding);
  await copy(seeding);
}

async function live({ tickets, originals }: Seeding): Promise<void> {
  const wordings = levels.flatMap((impact) => levels.map((urgency) => ({ impact, urgency })));
  let done = 0;
  const life = async () => {
    let id = '';
    const wording = wordings[done % wordings.length];
    done += 1;
    const opened = await tickets.open((given) => (id = given), wording)();
    return opened ?? (await tickets.resolve(id)()) ?? (await tickets.command(id, 'close', {})());
  };
  const load = { atOnce: 8, milliseconds: Infinity, atMost: originals, next: () => life };
  const { errors } = await drive(load);
  if (errors.length > 0) throw new Error(`Seeding failed: ${[...new Set(errors)].join(', ')}`);
}

/** Copies are spread over the year before. */
async function copy({ rows, originals, total }: Seeding): Promise<void> {
  await rows.query(copying, [originals, total - originals]);
  for (const table of ['tickets', 'ticket_events']) await rows.query(`vacuum analyze ${table}`);
}

const shifted = ['opened_at', 'resolved_at', 'closed_at', 'updated_at']
  .map((column) => `'${column}', t.${column} - c.age`)
  .join(', ');

const copying = `
with originals as (
  select id, row_number() over (order by id) as n from tickets where is_settled limit $1
), last as (
  update ticket_numbers set last = last + $2::int where type = 'incident' returning last - $2::int as before
), copies as materialized (
  select o.id as of, gen_random_uuid() as id, 'INC' || lpad((last.before + k)::text, 7, '0') as number,
         k * interval '365 days' / $2::int as age
    from generate_series(1, $2::int) k cross join last
    join originals o on o.n = 1 + k % $1::int
), rows as (
  insert into tickets
  select (jsonb_populate_record(t, jsonb_build_object('id', c.id, 'number', c.number, ${shifted}))).*
    from copies c join tickets t on t.id = c.of
)
insert into ticket_events
  (organization_id, id, ticket_id, version, cause, type, visibility, actor, via, occurred_at, recorded_at, data)
select e.organization_id, gen_random_uuid(), c.id, e.version, e.cause, e.type, e.visibility, e.actor, e.via,
       e.occurred_at - c.age, e.recorded_at - c.age, e.data
  from copies c join ticket_events e on e.ticket_id = c.of`;
