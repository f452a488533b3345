/** A ticket of a story, opened through the API, and what it is sent past it. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openDoor } from '../../replay/door';
import type { Signal } from '../check/evidence';
import type { Stage } from '../stage';
import type { Place } from './messages';

export interface StoryTicket {
  readonly id: string;
  readonly place: Place;
  /** That it was opened, as the checker wants to find it. */
  readonly opened: Signal;
}

const Opened = z.object({ id: z.string() });

export async function openStoryTicket(
  { rig, desks, installation }: Stage,
  title: string,
): Promise<StoryTicket> {
  const [desk] = desks;
  if (desk === undefined) throw new Error('The stage has no desk');
  const decision = await openDoor(rig.addresses, desk.password).say({
    ...{ kind: 'open', as: desk.requesters[0] ?? '', path: '/incidents', key: randomUUID() },
    body: { title, description: title, impact: 'low', urgency: 'low' },
  });
  const { id } = Opened.parse(decision.isApplied ? decision.body : undefined);
  // The cause of an opening is the id of what it opens.
  const [opened] = owedSignals(id, [id]);
  if (opened === undefined) throw new Error('Nothing was opened');
  const { database, engine, lives } = installation;
  const { organizationId } = desk;
  return { id, opened, place: { database, engine, lives, organizationId } };
}

/** Facts that must stand in the feed of the ticket once. */
export function owedSignals(ticketId: string, causes: readonly string[]): Signal[] {
  const at = Date.now();
  return causes.map((token) => ({ sort: 'owed', ticketId, token, isTaken: true, at }));
}
