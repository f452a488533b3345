/** Carries one decision of a meeting to its round, as the command of whoever recorded it. */
import { Refusal } from '../../../models/errors';
import { toInstant } from '../../../models/instant';
import type { Actor } from '../../../models/users/actor';
import { permissionOf } from '../../../workflows/process';
import { sendCommand } from '../../tickets/commands';
import type { Caller } from '../../tickets/door';
import type { SurfaceDeps } from '../deps';
import { noteOutcome, type CarriedOut, type Recorded } from './decisions';

export type Carried = CarriedOut;

export interface Order {
  readonly meetingId: string;
  readonly decision: Recorded;
  /** Of the round, as it was decided about; undefined: whichever. */
  readonly revision: number | undefined;
  /** Whether the round asks nobody but the board. */
  readonly isWholly: boolean;
}

const applied: Carried = { outcome: 'applied', code: null, detail: null };
const unknown: Carried = { outcome: 'unknown', code: null, detail: null };

/** `engine` is shared by all decisions of a call. Throws outages. */
export async function carry(
  deps: SurfaceDeps,
  caller: Caller,
  order: Order,
  engine: { isAway: boolean },
): Promise<Carried> {
  if (order.decision.outcome === 'applied') return applied;
  if (engine.isAway) return unknown;
  const carried = await sent(deps, caller, order);
  engine.isAway ||= carried.outcome === 'unknown';
  const { meetingId, decision } = order;
  await deps.database.inOrganization(caller.actor.organizationId, (tx) =>
    noteOutcome(tx, { meetingId, id: decision.id }, carried),
  );
  return carried;
}

async function sent(deps: SurfaceDeps, caller: Caller, order: Order): Promise<Carried> {
  const { actor, request } = caller;
  const { decision, revision: ifMatch, isWholly } = order;
  const { result, comment, attendeeIds } = decision;
  const by: Caller = {
    actor: isWholly ? forBoard(deps, actor) : actor,
    request: {
      ...request,
      commandId: decision.id,
      receivedAt: toInstant(decision.decidedAt),
      ifMatch,
    },
  };
  const input = { result, attendeeIds, ...(comment !== null && { comment }) };
  const command = { idOrNumber: decision.approvalId, name: recordDecision, input };
  try {
    const { found } = await sendCommand(deps, deps.approval, by, command);
    return found ? applied : unknown;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error;
    if (notDecided.has(code)) return { ...unknown, code, detail: message };
    return { outcome: 'refused', code, detail: message };
  }
}

const recordDecision = 'recordDecision';
const notDecided: ReadonlySet<string> = new Set(['unavailable', 'rate_limited']);

/**
 * Whoever leads the board decides for it what it alone is asked, also without the right to record decisions
 * of others; a token only within its scopes.
 */
function forBoard({ approval }: SurfaceDeps, actor: Actor): Actor {
  const permission = permissionOf(approval.declaration, recordDecision);
  return { ...actor, granted: [...(actor.granted ?? []), permission] };
}
