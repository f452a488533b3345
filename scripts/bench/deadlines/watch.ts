/** Reads and lists all the time while deadlines pass: each answer is kept with when it was asked. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { People } from '../people';
import type { Wire } from '../wire';
import type { Counting, Reading } from './figures';
import { groups } from './groups';

export interface Watching {
  readonly wire: Wire;
  readonly people: People;
  readonly ids: readonly string[];
  readonly isOver: () => boolean;
}

const Clocks = z.object({
  asOf: z.string(),
  data: z.array(
    z.object({ id: z.string(), breached: z.boolean(), breachedAt: z.string().nullable() }),
  ),
});

/** Between an answer and the next question: whoever watches is not to be what is measured. */
const restMs = 50;

/** `/sla` of one ticket after the other, from the last opened to the first, in a circle. */
export async function readClocks({ wire, people, ids, isOver }: Watching): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let turn = ids.length; !isOver(); turn = turn > 1 ? turn - 1 : ids.length) {
    const ticketId = ids[turn - 1] ?? '';
    const { asOf, data } = Clocks.parse(await get(wire, people, `/incidents/${ticketId}/sla`));
    const clock = data.find(({ id }) => id === 'resolution');
    if (clock === undefined) throw new Error(`${ticketId} has no clock to be watched`);
    readings.push({ ticketId, asOf, breached: clock.breached, breachedAt: clock.breachedAt });
    await pause(restMs);
  }
  return readings;
}

const { impact, urgency } = groups.burst;
const overdue = `/incidents?filter[isOverdue]=true&filter[impact]=${impact}&filter[urgency]=${urgency}&count=true&limit=1`;
const Counted = z.object({ total: z.number(), totalIsExact: z.literal(true) });

export async function countOverdue({ wire, people }: Pick<Watching, 'wire' | 'people'>) {
  return Counted.parse(await get(wire, people, encodeURI(overdue))).total;
}

/** How many tickets of the burst a list counts as overdue, over and over. */
export async function countLists(watching: Watching): Promise<Counting[]> {
  const countings: Counting[] = [];
  while (!watching.isOver()) {
    const askedAt = Date.now();
    const count = await countOverdue(watching);
    countings.push({ askedAt, answeredAt: Date.now(), count });
    await pause(restMs);
  }
  return countings;
}

async function get(wire: Wire, people: People, path: string): Promise<unknown> {
  const { status, text } = await wire.send({ method: 'GET', path, token: people.agent() });
  if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
  return JSON.parse(text);
}
