/** Many callers at once, each with one ticket after another, as chance has it. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Call, Door } from '../replay/door';
import type { Desk } from '../rig/desk';
import { nextDeed, opening, type Deed, type Scene, type Seen } from './deed';
import type { Dice } from './dice';

export interface Place {
  readonly desk: Desk;
  readonly door: Door;
}

export interface Crowd {
  /** Tells its keys from those of another crowd at the same desks. */
  readonly name: string;
  readonly dice: Dice;
  readonly places: readonly Place[];
  /** True as long as further lives are to be begun, when so many were. */
  readonly goesOn: (begun: number) => boolean;
  /** What is done to a ticket past the API. */
  readonly aside: (place: Place, seen: Seen, dice: Dice) => Promise<void>;
}

const Ticket = z.object({
  id: z.string(),
  number: z.string(),
  state: z.string(),
  requester: z.object({ name: z.string() }),
});

/** Lives lives until `goesOn` says no; resolves to their number when the last deed is decided. */
export async function liveLives(crowd: Crowd, width: number): Promise<number> {
  let begun = 0;
  const work = async () => {
    while (crowd.goesOn(begun)) {
      begun += 1;
      await liveOne(crowd, begun);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return begun;
}

async function liveOne({ name, dice: all, places, aside }: Crowd, ordinal: number): Promise<void> {
  const dice = all.of(`life ${ordinal}`);
  const place = dice.pick(places);
  const { desk, door } = place;
  const scene = (step: number): Scene => {
    return { dice, desk, mark: `${name}-${desk.slug}-${ordinal}-${step}`, now: Date.now() };
  };
  const first = scene(0);
  let seen = seenIn(await say(door, first, opening(first)), desk);
  const deeds = dice.whole(3, 13);
  for (let step = 1; step <= deeds && seen !== undefined; step += 1) {
    await pause(restMs(dice));
    if (dice.chance(0.06)) await aside(place, seen, dice);
    // Two people at once, who know nothing of each other.
    const now = seen;
    const several = Array.from({ length: dice.chance(0.12) ? 2 : 1 }, (_, n) => ({
      ...scene(step),
      mark: `${scene(step).mark}-${n}`,
    }));
    const heard = await Promise.all(several.map((one) => say(door, one, nextDeed(one, now))));
    const latest = heard.map((body) => seenIn(body, desk)).find((one) => one?.id === now.id);
    seen = latest ?? (dice.chance(0.3) ? await look(place, now) : now);
  }
}

/** Mostly short, so that much is under way; sometimes so long that deadlines pass. */
function restMs(dice: Dice): number {
  return dice.chance(0.12) ? dice.whole(3_000, 15_000) : dice.whole(20, 900);
}

/** Gives it until it is decided; sometimes the answer is lost, or it is asked for again. */
async function say(door: Door, { dice, mark }: Scene, deed: Deed): Promise<unknown> {
  const { kind, as, method, path, body } = deed;
  const loses = dice.chance(0.06) ? { firstTryMs: dice.whole(1, 120) } : {};
  const call: Call = { kind, as, method, path, body, key: mark, ...loses };
  const decision = await door.say(call);
  if (method === 'POST' && dice.chance(0.05)) {
    await door.say({ kind, as, method, path, body, key: mark });
  }
  return decision.isApplied ? decision.body : undefined;
}

function seenIn(body: unknown, desk: Desk): Seen | undefined {
  const { data } = Ticket.safeParse(body);
  if (data === undefined) return undefined;
  // The rig names people by the front of their address.
  const { id, number, state, requester } = data;
  return { id, number, state, requester: `${requester.name}@${desk.slug}.example` };
}

async function look({ desk, door }: Place, now: Seen): Promise<Seen> {
  return seenIn(await door.read(desk.manager, `/incidents/${now.id}`), desk) ?? now;
}
