/** Incidents with feeds of their own, led through the kernel at instants of the past, without lives. */
import { randomUUID } from 'node:crypto';
import { plusSeconds, type Instant } from '../models/instant';
import { holdfast, type FactActor } from '../models/tickets/fact';
import { openTicket } from '../models/tickets/kernel/birth';
import { settleFact } from '../models/tickets/kernel/settle';
import type { Clock } from '../models/sla/clock';
import type { World } from './harness';

/** What somebody did, so many hours after the opening. */
export type Deed = readonly [hours: number, name: string, input?: object];

export interface Story {
  readonly input?: object;
  readonly deeds: readonly Deed[];
}

const solved = { code: 'solved', notes: 'Done' };
const said = { body: 'We look into it.', isPublic: true };
const low = { impact: 'low', urgency: 'low' };
const high = { impact: 'high', urgency: 'high' };

/** All shapes: answered, held, given to another team, with another priority, reopened, too late, closed. */
export const stories = {
  quick: {
    input: high,
    deeds: [
      [0.1, 'commented', said],
      [1, 'start'],
      [2, 'resolve', solved],
    ],
  },
  late: {
    input: high,
    deeds: [
      [1, 'start'],
      [6, 'resolve', solved],
    ],
  },
  held: {
    input: high,
    deeds: [
      [0.2, 'start'],
      [1, 'hold', { reason: 'customer', comment: 'Which one?' }],
      [20, 'resume'],
      [22, 'resolve', solved],
    ],
  },
  moved: {
    input: low,
    deeds: [
      [0.5, 'assign', { team: 'Network' }],
      [1, 'start'],
      [3, 'prioritize', high],
      [5, 'resolve', solved],
    ],
  },
  reopened: {
    input: high,
    deeds: [
      [0.1, 'start'],
      [1, 'resolve', solved],
      [5, 'reopen', { reason: 'It is back.' }],
      [6, 'resolve', solved],
    ],
  },
  raised: {
    input: low,
    deeds: [
      [1, 'hold', { reason: 'customer', comment: 'Which one?' }],
      [20, 'resume'],
      [21, 'prioritize', high],
      [22, 'resolve', solved],
    ],
  },
  business: {
    input: low,
    deeds: [
      [2, 'start'],
      [30, 'resolve', solved],
    ],
  },
} as const satisfies Record<string, Story>;

export type PastIncident = Awaited<ReturnType<typeof leadPast>>;

/** Its id and its clocks as they stand in the end. */
export async function leadPast(world: World, openedAt: Instant, { input, deeds }: Story) {
  const { database, organizationId, kernel } = world;
  const process = kernel.processOf('incident');
  const opening = process.inputs.open.parse({ title: 'No mail', description: 'None', ...input });
  const id = randomUUID();
  const told = { name: 'opened', input: opening, via: 'api', occurredAt: openedAt } as const;
  await database.inOrganization(organizationId, (tx) =>
    openTicket(tx, process, id, { ...told, cause: id, actor: agent(world) }),
  );
  for (const [hours, name, given = {}] of deeds) {
    const door = { organizationId, ticketId: id, type: 'incident' };
    const occurredAt = plusSeconds(openedAt, hours * 3_600);
    const fact = { name, input: inputOf(world, given), via: 'api', occurredAt } as const;
    const applied = await settleFact(
      database,
      door,
      { ...fact, cause: randomUUID(), actor: name === 'reopen' ? { ...holdfast } : agent(world) },
      kernel,
    );
    if (applied.outcome.kind !== 'applied') throw new Error(JSON.stringify(applied.outcome));
  }
  const [row] = await world.rows('select number, snapshot from tickets where id = $1', [id]);
  const { clocks } = row?.['snapshot'] as { clocks: readonly Clock[] };
  return { id, number: String(row?.['number']), clocks };
}

function agent(world: World): FactActor {
  return { kind: 'person', id: world.id('person', 'manager'), name: 'manager', role: 'manager' };
}

/** Teams are named in stories, as their ids are those of a world. */
function inputOf(world: World, given: object): object {
  return 'team' in given ? { teamId: world.id('team', String(given.team)) } : given;
}
