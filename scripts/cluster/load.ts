/** Clients of a service desk: each takes one incident after the other from opened to resolved. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Door } from '../replay/door';
import type { Desk } from '../rig/desk';

export interface Load {
  readonly door: Door;
  readonly desk: Desk;
  readonly clients: number;
  readonly seconds: number;
}

/** What the service said it did to one ticket. */
export interface Acknowledged {
  readonly ticketId: string;
  /** Types of events, in the order in which they were asked for. */
  readonly events: readonly string[];
}

export interface Driven {
  readonly tickets: readonly Acknowledged[];
  /** Commands that should have been applied, with what was said instead. */
  readonly notApplied: readonly string[];
  readonly seconds: number;
}

const Opened = z.object({ id: z.string() });

const opening = {
  ...{ title: 'Mail does not leave the outbox', description: 'Since this morning.' },
  ...{ impact: 'high', urgency: 'medium' },
};
const commands = [
  { kind: 'start', event: 'started', below: 'actions/start', body: {} },
  { kind: 'comment', event: 'commented', below: 'comments', body: { body: 'We look into it.' } },
  {
    ...{ kind: 'resolve', event: 'resolved', below: 'actions/resolve' },
    body: { code: 'solved', notes: 'The queue was restarted.' },
  },
] as const;

/** Drives load for so long; what is under way then is brought to its end. */
export async function drive(load: Load): Promise<Driven> {
  const since = performance.now();
  const isOver = () => performance.now() - since > load.seconds * 1000;
  const tickets: Acknowledged[] = [];
  const notApplied: string[] = [];
  const client = async (number: number) => {
    while (!isOver()) await oneTicket(load, number, { tickets, notApplied });
  };
  await Promise.all(Array.from({ length: load.clients }, (_, number) => client(number)));
  return { tickets, notApplied, seconds: (performance.now() - since) / 1000 };
}

interface Notes {
  readonly tickets: Acknowledged[];
  readonly notApplied: string[];
}

async function oneTicket({ door, desk }: Load, number: number, notes: Notes): Promise<void> {
  const say = async (as: string, kind: string, path: string, body: unknown) => {
    const decision = await door.say({ as, kind, path, body, key: randomUUID() });
    if (decision.isApplied) return decision.body;
    notes.notApplied.push(`${kind}: ${decision.code} ${decision.detail}`.trim());
    return undefined;
  };
  const opened = await say(oneOf(desk.requesters, number), 'open', '/incidents', opening);
  if (opened === undefined) return;
  const { id } = Opened.parse(opened);
  const events = ['opened'];
  notes.tickets.push({ ticketId: id, events });
  for (const { kind, event, below, body } of commands) {
    const path = `/incidents/${id}/${below}`;
    if ((await say(oneOf(desk.agents, number), kind, path, body)) === undefined) return;
    events.push(event);
  }
}

function oneOf(people: readonly string[], number: number): string {
  const person = people[number % people.length];
  if (person === undefined) throw new Error('The desk has nobody.');
  return person;
}
