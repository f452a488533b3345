/** A ticket of a story, opened through the API, and the signals that it is sent past it. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { idFrom } from '../../../models/tickets/identity';
import { workflowIdOf } from '../../../workflows/process';
import { openDoor } from '../../replay/door';
import type { Signal } from '../check/evidence';
import type { Stage } from '../stage';

export interface StoryTicket {
  readonly id: string;
  readonly organizationId: string;
  readonly workflowId: string;
}

const Opened = z.object({ id: z.string(), number: z.string() });

export async function openStoryTicket({ rig, desks }: Stage, title: string): Promise<StoryTicket> {
  const [desk] = desks;
  const [address] = rig.addresses;
  if (desk === undefined || address === undefined) throw new Error('The stage is empty');
  const wording = { title, description: title, impact: 'low', urgency: 'low' };
  const decision = await openDoor(address, desk.password).say({
    ...{ kind: 'open', as: desk.requesters[0] ?? '', path: '/incidents', key: randomUUID() },
    body: wording,
  });
  const { id, number } = Opened.parse(decision.isApplied ? decision.body : undefined);
  const workflowId = workflowIdOf(desk.slug, 'incident', number);
  return { id, organizationId: desk.organizationId, workflowId };
}

/** A fact with an id of its sender's. No incident knows it, so it is refused, once, by its cause. */
export async function sendNamed(
  { installation }: Stage,
  { id: ticketId, workflowId }: StoryTicket,
): Promise<Signal> {
  const cause = randomUUID();
  const at = Date.now();
  await installation.engine.client.workflow.getHandle(workflowId).signal('fact', { cause });
  return { sort: 'named', ticketId, token: idFrom(ticketId, cause, 'signal'), isTaken: true, at };
}
