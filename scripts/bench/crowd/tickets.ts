/**
 * A hundred thousand tickets in little time: rows after one that was opened through the API, with texts, states,
 * people and ages of their own, written past the kernel. They owe the engine nothing.
 */
import { z } from 'zod';
import type { Rows } from '../rows';
import { randomOf, wordsOf, type Random, type Words } from './vocabulary';

export interface CrowdWish {
  readonly rows: Rows;
  /** A ticket that is there; the others are of its type and of its shape. */
  readonly after: string;
  readonly total: number;
  /** Share of tickets that are open, and of those that were talked about. */
  readonly open: number;
  readonly commented: number;
  /** Requesters beside those that are there, who never sign in. */
  readonly requesters: number;
  readonly seed?: number;
}

const atOnce = 2_000;
const days = 730;

interface Written {
  readonly title: string;
  readonly description: string;
  readonly isOpen: boolean;
  readonly priority: string;
  readonly ageSeconds: number;
  /** From 0 to below 1: who it is for, and who has it. */
  readonly requester: number;
  readonly assignee: number;
  readonly comments: readonly { body: string; isPublic: boolean }[];
}

/** Numbers go on after those that are there. */
export async function fillCrowd(wish: CrowdWish): Promise<void> {
  const random = randomOf(wish.seed ?? 1);
  const words = wordsOf(random);
  await wish.rows.query(joining, [wish.requesters]);
  const indexes = await wordIndexes(wish.rows);
  for (const name of indexes) await wish.rows.query(`alter index ${name} set (fastupdate = on)`);
  for (let done = 0; done < wish.total; done += atOnce) {
    const count = Math.min(atOnce, wish.total - done);
    const tickets = Array.from({ length: count }, () => written(wish, random, words));
    await wish.rows.query(filling, [JSON.stringify(tickets), wish.after]);
  }
  for (const name of indexes) await wish.rows.query(`alter index ${name} set (fastupdate = off)`);
  for (const table of await tablesToAnalyze(wish.rows))
    await wish.rows.query(`vacuum analyze ${table}`);
}

const priorities = ['P4', 'P3', 'P3', 'P3', 'P2', 'P2', 'P5', 'P1'] as const;

function written({ open, commented }: CrowdWish, random: Random, words: Words): Written {
  const isOpen = random() < open;
  const isTalked = random() < commented;
  const comments = isTalked ? 1 + Math.floor(random() * 4) : 0;
  return {
    title: words.title(),
    description: words.text(15, 60),
    isOpen,
    priority: priorities[Math.floor(random() * priorities.length)] ?? 'P3',
    // Open ones are young.
    ageSeconds: Math.floor(random() * days * 86_400 * (isOpen ? 0.05 : 1)),
    requester: random(),
    assignee: random(),
    comments: Array.from({ length: comments }, () => ({
      body: words.text(8, 40),
      isPublic: random() < 0.6,
    })),
  };
}

const Names = z.array(z.object({ name: z.string() }));

/** Of words: many rows are taken up by them together much faster than one by one. */
async function wordIndexes(rows: Rows): Promise<string[]> {
  const found = await rows.query(
    `select c.relname as name from pg_class c join pg_am a on a.oid = c.relam
      where a.amname = 'gin' and c.reloptions @> array['fastupdate=off']`,
  );
  return Names.parse(found).map(({ name }) => name);
}

/** Those that follow tickets may have come with a later release. */
async function tablesToAnalyze(rows: Rows): Promise<string[]> {
  const found = await rows.query(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and relname in ('tickets', 'ticket_comments', 'ticket_texts')`,
  );
  return Names.parse(found).map(({ name }) => name);
}

const joining = `
insert into users (organization_id, id, email, name, role)
select nullif(current_setting('app.organization'), '')::uuid, gen_random_uuid(),
       'crowd' || n || '@crowd.example', 'Crowd ' || n, 'end_user'
  from generate_series(1, $1::int) n`;

const filling = `
with given as materialized (
  select w.*, row_number() over () as k, gen_random_uuid() as id,
         now() - make_interval(secs => w."ageSeconds") as at
    from jsonb_to_recordset($1::jsonb) as w(title text, description text, "isOpen" boolean, priority text,
         "ageSeconds" integer, requester float8, assignee float8, comments jsonb)
), people as (
  select array_agg(id order by email) filter (where role = 'end_user') as requesters,
         array_agg(id order by email) filter (where role = 'agent') as agents from users
), last as (
  update ticket_numbers n set last = n.last + (select count(*) from given)
    from tickets p where p.id = $2 and n.type = p.type
  returning n.last - (select count(*) from given) as before
), made as (
  insert into tickets
  select (jsonb_populate_record(p, jsonb_build_object(
    'id', g.id, 'number', left(p.number, 3) || lpad((last.before + g.k)::text, 7, '0'),
    'title', g.title, 'description', g.description, 'priority', g.priority,
    'state', case when g."isOpen" then p.state else 'closed' end, 'is_open', g."isOpen",
    'is_settled', true, 'next_due_at', null, 'due_at', case when g."isOpen" then g.at + interval '2 days' end,
    'opened_at', g.at, 'updated_at', g.at,
    'resolved_at', case when not g."isOpen" then least(now(), g.at + interval '3 hours') end,
    'closed_at', case when not g."isOpen" then least(now(), g.at + interval '5 days') end,
    'requester_id', who.requester, 'opened_by_id', who.requester,
    'assignee_id', case when g.assignee < 0.9 then who.agent end))).*
    from given g join tickets p on p.id = $2 cross join last cross join people u
   cross join lateral (select
     u.requesters[1 + floor(g.requester * cardinality(u.requesters))::int] as requester,
     u.agents[1 + floor(g.assignee * cardinality(u.agents))::int] as agent) who
  returning id, organization_id, requester_id, opened_at
)
insert into ticket_comments (organization_id, id, ticket_id, author_id, is_public, body, created_at)
select m.organization_id, gen_random_uuid(), m.id, m.requester_id, (c->>'isPublic')::boolean, c->>'body',
       m.opened_at + interval '1 hour'
  from made m join given g on g.id = m.id cross join jsonb_array_elements(g.comments) c`;
