/** What the rows say of a ticket, past all walls: its feed, what failed on it, how it stands. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { processes } from '../../../workflows/registry';
import { errandProcess } from '../../errands/process';
import { eventually, openWorld, type World, type WorldOptions } from '../../harness';

export type Caller = Awaited<ReturnType<World['as']>>;

export const Ticket = z.looseObject({
  id: z.uuid(),
  number: z.string(),
  state: z.string(),
  version: z.int(),
});
export type Ticket = z.infer<typeof Ticket>;

const Line = z.object({
  version: z.int(),
  type: z.string(),
  cause: z.string(),
  at: z.date(),
});
export type Line = z.infer<typeof Line>;

/** Opens a world with errands for one story and closes it after; stories may so run at the same time. */
export async function inWorld(
  options: WorldOptions,
  story: (world: World) => Promise<void>,
): Promise<void> {
  const works = { fetch: () => Promise.resolve('fetched') };
  const world = await openWorld({ processes: [...processes, errandProcess], works, ...options });
  try {
    await story(world);
  } finally {
    await world.close();
  }
}

const notDecided: readonly number[] = [202, 429, 503];

/** Gives a command by one key until it is decided: 200, or what it was refused with. */
export function decided(
  caller: Pick<Caller, 'post'>,
  path: string,
  input: object = {},
  key: string = randomUUID(),
): Promise<{ status: number; body: unknown }> {
  const ask = async () => {
    const answer = await caller.post(path, input).set('idempotency-key', key);
    const { status } = answer;
    const body: unknown = answer.body;
    return notDecided.includes(status) || isRunning(body) ? undefined : { status, body };
  };
  return eventually(`a decision on ${path}`, ask, 25_000);
}

function isRunning(body: unknown): boolean {
  const { data } = z.object({ code: z.literal('idempotency_in_progress') }).safeParse(body);
  return data !== undefined;
}

/** Opens an errand; `caller` is an agent. */
export async function openedErrand(caller: Pick<Caller, 'post'>): Promise<Ticket> {
  const given = { title: 'Fetch', description: 'Something' };
  return Ticket.parse((await caller.post('/errands', given).expect(201)).body);
}

/** Opens an incident: P1 unless said otherwise. */
export async function openedIncident(
  caller: Pick<Caller, 'post'>,
  change: object = {},
): Promise<Ticket> {
  const given = { title: 'No mail', description: 'None', impact: 'high', urgency: 'high' };
  return Ticket.parse((await caller.post('/incidents', { ...given, ...change }).expect(201)).body);
}

/** The feed of a ticket. Throws unless versions have no gap and each cause stands once. */
export async function feedOf(world: World, ticketId: string): Promise<Line[]> {
  const rows = await world.rows(
    `select version, type, cause, occurred_at as at from ticket_events where ticket_id = $1
      order by version`,
    [ticketId],
  );
  const feed = z.array(Line).parse(rows);
  expect(feed.map(({ version }) => version)).toEqual(feed.map((_, k) => k + 1));
  expect(new Set(feed.map(({ cause }) => cause)).size).toBe(feed.length);
  return feed;
}

/** Types of the feed's lines, in order. */
export async function typesOf(world: World, ticketId: string): Promise<string[]> {
  return (await feedOf(world, ticketId)).map(({ type }) => type);
}

/** Waits until the feed has so many lines of this type; gives the whole feed. */
export function recorded(
  world: World,
  ticketId: string,
  wanted: { type: string; times?: number; withinMs?: number },
): Promise<Line[]> {
  const { type, times = 1, withinMs } = wanted;
  const look = async () => {
    const feed = await feedOf(world, ticketId);
    return feed.filter((line) => line.type === type).length >= times ? feed : undefined;
  };
  return eventually(`${times} x ${type} in the feed`, look, withinMs);
}

const Row = z.object({
  state: z.string(),
  version: z.int(),
  life: z.int(),
  isSettled: z.boolean(),
  nextDueAt: z.date().nullable(),
  snapshot: z.looseObject({
    agenda: z.array(z.looseObject({ key: z.string(), at: z.string() })),
    clocks: z.array(z.looseObject({ id: z.string(), state: z.string() })),
    work: z.array(z.looseObject({ key: z.string() })),
  }),
});
export type Row = z.infer<typeof Row>;

/** The ticket's row. */
export async function rowOf(world: World, ticketId: string): Promise<Row> {
  const [row] = await world.rows(
    `select state, version, life, is_settled as "isSettled", next_due_at as "nextDueAt", snapshot
       from tickets where id = $1`,
    [ticketId],
  );
  return Row.parse(row);
}

/** Facts that were refused or set aside: `[outcome, name]`. */
export async function refusalsOf(world: World, ticketId: string): Promise<[string, string][]> {
  const rows = await world.rows(
    'select outcome, name from ticket_refusals where ticket_id = $1 order by recorded_at',
    [ticketId],
  );
  return z
    .array(z.object({ outcome: z.string(), name: z.string() }))
    .parse(rows)
    .map(({ outcome, name }) => [outcome, name]);
}

/** Promises of the world's incidents in seconds, for all priorities; before the first is opened. */
export async function promise(
  world: World,
  seconds: { response: number; resolution: number },
): Promise<void> {
  await world.rows(
    `update sla_policies set rules = (
       select jsonb_agg(
                jsonb_set(jsonb_set(rule, '{targets,0,targetSeconds}', to_jsonb($1::float)),
                          '{targets,1,targetSeconds}', to_jsonb($2::float)))
         from jsonb_array_elements(rules) rule)`,
    [seconds.response, seconds.resolution],
  );
}

/** The only running execution of a workflow id: its status and how long its history is. */
export async function lifeOf(world: World, workflowId: string) {
  const { status, historyLength } = await world.engine.client.workflow
    .getHandle(workflowId)
    .describe();
  return { status: status.name, historyLength };
}
