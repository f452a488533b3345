/** A ticket in its row, changed by facts as the kernel takes them, without engine or HTTP. */
import { randomUUID } from 'node:crypto';
import { toInstant, type Instant } from '../../models/instant';
import { applyFact, type Applied } from '../../models/tickets/kernel/apply';
import { openTicket } from '../../models/tickets/kernel/birth';
import type { Fact, FactActor } from '../../models/tickets/fact';
import { settleFact } from '../../models/tickets/kernel/settle';
import type { AgendaEntry } from '../../models/tickets/ticket';
import type { World } from '../harness';

const roles = { user: 'end_user', agent: 'agent', lead: 'agent', manager: 'manager' } as const;

/** When every ticket of these tests is opened: a Monday morning. */
export const monday: Instant = '2026-03-02T09:00:00.000Z';

export interface Told extends Partial<Fact> {
  readonly name: string;
  /** Through a life's door, as the first life of the ticket or another. */
  readonly life?: number;
}

export type Row = Awaited<ReturnType<typeof openRow>>;

export function who(world: World, name: keyof typeof roles): FactActor {
  return { kind: 'person', id: world.id('person', name), name, role: roles[name] };
}

export async function openRow(world: World, type: string, given: object = {}) {
  const { database, kernel, organizationId } = world;
  const process = kernel.processOf(type);
  const id = randomUUID();
  const input = process.inputs.open.parse({ title: 'No mail', description: 'None', ...given });
  const by = who(world, type === 'incident' ? 'user' : 'agent');
  const opened = { cause: id, name: 'opened', input, actor: by, via: 'api' as const };
  const { ticket } = await database.inOrganization(organizationId, (tx) =>
    openTicket(tx, process, id, { ...opened, occurredAt: monday }),
  );

  function taken({ life, ...told }: Told): [{ life?: number; ticketId: string }, Fact] {
    const fact: Fact = {
      ...{ cause: randomUUID(), input: {}, actor: who(world, 'agent'), via: 'api' },
      ...{ occurredAt: monday, ...told },
    };
    return [{ ticketId: id, ...(life === undefined ? {} : { life }) }, fact];
  }

  return {
    ...{ id, number: ticket.number },
    /** One transaction of the kernel. */
    apply: (told: Told): Promise<Applied> => {
      const [door, fact] = taken(told);
      return database.inOrganization(organizationId, (tx) =>
        applyFact(tx, { ...door, organizationId, type }, fact, kernel),
      );
    },
    /** As many transactions as the fact takes, with what fails set aside. */
    settle: (told: Told): Promise<Applied> => {
      const [door, fact] = taken(told);
      return settleFact(database, { ...door, organizationId, type }, fact, kernel);
    },
    /** Puts entries on the agenda past all rules. */
    plan: (entries: readonly { key: string; at: Instant }[]) =>
      world.rows(
        `update tickets set snapshot = jsonb_set(snapshot, '{agenda}', $2) where id = $1`,
        [
          id,
          JSON.stringify(entries.map((one): AgendaEntry => ({ ...one, n: 1, what: 'A tick.' }))),
        ],
      ),
    row: async () => {
      const [row] = await world.rows('select * from tickets where id = $1', [id]);
      if (!row) throw new Error('The row is gone');
      return row;
    },
    agenda: async () => {
      const [row] = await world.rows(
        `select snapshot -> 'agenda' as agenda from tickets where id = $1`,
        [id],
      );
      return (row?.['agenda'] as AgendaEntry[]).map(({ key }) => key);
    },
    feed: async () => {
      const rows = await world.rows(
        `select version, type, cause, occurred_at from ticket_events where ticket_id = $1 order by version`,
        [id],
      );
      return rows.map(({ version, type: event, cause, occurred_at: at }) => ({
        version: Number(version),
        type: String(event),
        cause: String(cause),
        at: at instanceof Date ? toInstant(at) : '',
      }));
    },
    refusals: () =>
      world.rows(
        'select name, cause, outcome, code, fact from ticket_refusals where ticket_id = $1',
        [id],
      ),
    /** What the engine is owed for this ticket, without the start of its life. */
    owed: async () => {
      const rows = await world.rows(
        `select id, kind, name from engine_outbox where ticket_id = $1 and name <> 'start' order by id`,
        [id],
      );
      return rows.map(({ id: key, kind, name }) => [key, kind, name].map(String));
    },
    notices: async () => {
      const rows = await world.rows(
        `select split_part(n.template, '.', 2) || ' ' || u.name as told
           from notifications n join users u on u.id = n.recipient_id
          where n.ticket_id = $1 order by n.created_at, told`,
        [id],
      );
      return rows.map(({ told }) => String(told));
    },
  };
}
