/** One ticket with a life of its own on the real engine, and that life's clock in the hand of a test. */
import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { msOf, toInstant, type Instant } from '../../models/instant';
import { openTicket } from '../../models/tickets/kernel/birth';
import type { FactActor, Outcome } from '../../models/tickets/fact';
import type { AgendaEntry } from '../../models/tickets/ticket';
import type { Clock } from '../../models/sla/clock';
import { owe } from '../../models/tickets/kernel/record';
import { settleFact } from '../../models/tickets/kernel/settle';
import { eventually, type World } from '../harness';
import { advance } from '../setup/time';

const { EventType } = temporal.api.enums.v1;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const roles = {
  user: 'end_user',
  stranger: 'end_user',
  agent: 'agent',
  colleague: 'agent',
  lead: 'agent',
  manager: 'manager',
  admin: 'admin',
} as const;
export type By = keyof typeof roles;

/** What the row says, as far as tests of lives look at it. */
export interface Row {
  readonly state: string;
  readonly version: number;
  readonly isSettled: boolean;
  readonly nextDueAt: Instant | null;
  readonly agenda: readonly AgendaEntry[];
  readonly clocks: readonly Clock[];
  readonly work: readonly { key: string; attempts: number }[];
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Line {
  readonly type: string;
  readonly at: Instant;
  readonly cause: string;
  readonly via: string;
  readonly actor: FactActor;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Opening {
  readonly type?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly by?: By;
  /** When it was opened; now, unless said otherwise. */
  readonly at?: Instant;
}

export type LivingTicket = ReturnType<typeof leadLife>;

/** Opens a ticket and starts its life. */
export async function beginLife(world: World, opening: Opening = {}) {
  const { type = 'incident', by = 'user', at = toInstant(Date.now()) } = opening;
  const { organizationId: organization, database, kernel } = world;
  const process = kernel.processOf(type);
  const wording = { title: 'No mail', description: 'None', ...opening.input };
  const input = process.inputs.open.parse(wording);
  const id = randomUUID();
  const told = { name: 'opened', input, actor: who(world, by), via: 'api' as const };
  const { ticket } = await database.inOrganization(organization, (tx) =>
    openTicket(tx, process, id, { ...told, cause: id, occurredAt: at }),
  );
  const led = leadLife(world, { id, number: ticket.number, type });
  await world.lives.start(await led.living());
  // Or its first command would come with its first task, before its first timer is set.
  await led.rests();
  return led;
}

/** A ticket that is there, whoever has opened it, with its clock at the present. */
export function leadLife(
  world: World,
  { id, number, type }: { readonly id: string; readonly number: string; readonly type: string },
) {
  const { organizationId: organization, database, kernel, slug, engine } = world;
  const life = { slug, ticket: { type, number } };
  const workflowId = world.workflowId(number, type);
  const handle = engine.client.workflow.getHandle(workflowId);
  let skippedMs = 0;
  const now = () => Date.now() + skippedMs;

  async function living() {
    const found = await world.lives.find(organization, id);
    if (!found) throw new Error(`${number} is gone`);
    return found;
  }

  async function skip(seconds: number): Promise<void> {
    await advance(engine, workflowId, seconds);
    skippedMs += seconds * 1_000;
  }

  async function history(): Promise<readonly HistoryEvent[]> {
    return ownEvents((await handle.fetchHistory()).events ?? []);
  }

  /** Waits until nothing of this life is under way. */
  const rests = () =>
    eventually('a life at rest', async () => {
      const { raw } = await handle.describe();
      const isBusy = Boolean(raw.pendingWorkflowTask) || (raw.pendingActivities ?? []).length > 0;
      return isBusy ? undefined : true;
    });

  return {
    ...{ id, number, handle, workflowId, skip, history, living },
    /** Moves the life's clock to an instant. */
    skipTo: (instant: Instant) => skip(Math.ceil((msOf(instant) - now()) / 1_000)),
    /** An instant so many seconds after the present one of the life. */
    inSeconds: (seconds: number) => toInstant(now() + seconds * 1_000),
    /** A command through the life, as the API sends it. */
    give: (name: string, given: object = {}, how: { by?: By; cause?: string } = {}) =>
      world.lives.command(
        life,
        {
          ...{ ticketId: id, name, input: given, cause: how.cause ?? randomUUID() },
          ...{ actor: who(world, how.by ?? 'agent'), receivedAt: toInstant(now()) },
        },
        15_000,
      ),
    /** An answer as the API sends it: owed first, then told to the life. */
    answer: async (name: string, by: By, input: object = {}): Promise<void> => {
      const cause = randomUUID();
      const payload = { name, input, actor: who(world, by), occurredAt: toInstant(now()) };
      await database.inOrganization(organization, (tx) =>
        owe(tx, { ticketId: id, id: cause, kind: 'signal', name, payload }),
      );
      await world.lives.signal(await living(), name, { cause, ticketId: id });
    },
    /** A comment through the row's own door; the life is told when it has to know. */
    say: async (body: string, how: { by?: By; isPublic?: boolean } = {}): Promise<Outcome> => {
      const door = { organizationId: organization, ticketId: id, type };
      const said = { body, isPublic: how.isPublic ?? true };
      const fact = { cause: randomUUID(), name: 'commented', input: said, via: 'api' as const };
      const whole = { ...fact, actor: who(world, how.by ?? 'agent'), occurredAt: toInstant(now()) };
      const { outcome, look } = await settleFact(database, door, whole, kernel);
      if (look !== undefined) await world.lives.signal(await living(), 'look', {});
      return outcome;
    },
    row: () => rowOf(world, id),
    feed: () => feedOf(world, id),
    /** What was refused or has failed, by name. */
    refusals: () =>
      world.rows(
        `select name, cause, outcome, code from ticket_refusals where ticket_id = $1
          order by recorded_at`,
        [id],
      ),
    /** Who was told what: `slaWarning agent`. */
    notices: async () => {
      const rows = await world.rows(
        `select split_part(n.template, '.', 2) || ' ' || u.name as told
           from notifications n join users u on u.id = n.recipient_id
          where n.ticket_id = $1 order by n.created_at, told`,
        [id],
      );
      return rows.map(({ told: text }) => String(text));
    },
    /** Waits until the feed has an event of this type so many times. */
    hears: (event: string, times = 1) =>
      eventually(`${times} times ${event}`, async () => {
        const lines = (await feedOf(world, id)).filter((line) => line.type === event);
        return lines.length >= times ? lines : undefined;
      }),
    rests,
    /** Waits until the run has ended, and says how. */
    ended: () =>
      eventually('the end of the life', async () => {
        const { status } = await handle.describe();
        return status.name === 'RUNNING' ? undefined : status.name;
      }),
  };
}

export function who(world: World, by: By): FactActor {
  return { kind: 'person', id: world.id('person', by), name: by, role: roles[by] };
}

async function rowOf(world: World, id: string): Promise<Row> {
  const [row] = await world.rows(
    `select state, version, is_settled as "isSettled", snapshot, next_due_at from tickets where id = $1`,
    [id],
  );
  if (!row) throw new Error(`No ticket ${id}`);
  const { snapshot, next_due_at: next, ...columns } = row;
  const nextDueAt = next instanceof Date ? toInstant(next) : null;
  return { ...columns, ...(snapshot as object), nextDueAt } as Row;
}

async function feedOf(world: World, id: string): Promise<Line[]> {
  const rows = await world.rows(
    `select type, cause, via, actor, data,
            to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
       from ticket_events where ticket_id = $1 order by version`,
    [id],
  );
  return rows as unknown as Line[];
}

/**
 * What the life itself costs. Moving its clock leaves two kinds of events that no real ticket has: the
 * test's own wish, and each jump.
 */
function ownEvents(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const ofTests: readonly unknown[] = [
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
  ];
  return events.filter(({ eventType }) => !ofTests.includes(eventType));
}

/** Names of events, without the prefix: `TIMER_STARTED`. */
export function kindsOf(events: readonly HistoryEvent[]): string[] {
  return events.map(({ eventType }) =>
    String(EventType[eventType ?? 0]).replace('EVENT_TYPE_', ''),
  );
}

/** Timers that were started and neither fired nor cancelled. */
export function pendingTimers(events: readonly HistoryEvent[]): number {
  const count = (kind: string) => kindsOf(events).filter((one) => one === kind).length;
  return count('TIMER_STARTED') - count('TIMER_FIRED') - count('TIMER_CANCELED');
}

/** Summaries of all events of a kind, as the Web UI prints them; undefined where there is none. */
export function summaries(events: readonly HistoryEvent[], kind: string): unknown[] {
  return events
    .filter((event) => kindsOf([event])[0] === kind)
    .map(({ userMetadata }) => userMetadata?.summary)
    .map((summary) => (summary ? defaultPayloadConverter.fromPayload(summary) : undefined));
}
