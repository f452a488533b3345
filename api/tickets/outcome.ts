/** `GET /commands/{id}`: what became of a command that was not decided when it was given. */
import { z } from 'zod';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { grpcCodeOf } from '../../engine/client';
import { Refusal } from '../../models/errors';
import type { Outcome } from '../../models/tickets/fact';
import { readOutcome } from '../../models/tickets/kernel/outcome';
import type { Actor } from '../../models/users/actor';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from './door';

const askMs = 1_000;

const CommandState = z
  .object({
    id: z.uuid(),
    name: z.string(),
    ticket: z.object({ id: z.uuid(), number: z.string() }),
    status: z
      .enum(['applied', 'refused', 'failed', 'unknown'])
      .describe('unknown = nobody knows: repeat with the same Idempotency-Key, it is safe.'),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'CommandState' });

interface PendingRow {
  id: string;
  name: string;
  ticketId: string;
  type: string;
  number: string;
}

export function commandStateRoute(deps: TicketDeps): Route {
  return defineRoute({
    method: 'get',
    path: '/commands/{id}',
    tag: 'Commands',
    summary: 'What became of a command that was answered with 202.',
    access: 'signedIn',
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 200, description: 'Its state.', body: CommandState },
    handle: async ({ actor, params }) => {
      const row = await pendingCommand(deps, actor, params.id);
      const outcome = (await recorded(deps, actor, row)) ?? (await asked(deps, actor, row));
      return {
        body: {
          id: row.id,
          name: row.name,
          ticket: { id: row.ticketId, number: row.number },
          ...stateOf(outcome),
        },
      };
    },
  });
}

async function pendingCommand({ database }: TicketDeps, actor: Actor, id: string) {
  const [row] = await database.inOrganization(actor.organizationId, (tx) =>
    tx.rows<PendingRow>(
      `select p.id, p.name, t.id as "ticketId", t.type, t.number from pending_commands p
         join tickets t on t.organization_id = p.organization_id and t.id = p.ticket_id
        where p.organization_id = $1 and p.id = $2 and p.actor_id = $3`,
      [actor.organizationId, id, actor.id],
    ),
  );
  if (!row) throw new Refusal('not_found', 'There is no such command of yours.');
  return row;
}

function recorded({ database }: TicketDeps, actor: Actor, { id, ticketId }: PendingRow) {
  return readOutcome(database, actor.organizationId, { ticketId, cause: id });
}

/** What the engine knows within a moment; an engine that is away knows nothing. */
async function asked(
  { lives }: TicketDeps,
  actor: Actor,
  { id, type, number }: PendingRow,
): Promise<Outcome | undefined> {
  try {
    return await lives.outcomeOf(
      { slug: actor.organizationSlug, ticket: { type, number } },
      id,
      askMs,
    );
  } catch (error) {
    const isSilence =
      error instanceof WorkflowNotFoundError ||
      error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
      error instanceof WorkflowUpdateFailedError ||
      grpcCodeOf(error) !== undefined;
    if (isSilence) return undefined;
    throw error;
  }
}

function stateOf(outcome: Outcome | undefined) {
  switch (outcome?.kind) {
    case 'applied':
    case 'unchanged':
      return { status: 'applied' as const, code: null, detail: null };
    case 'refused':
    case 'failed':
      return { status: outcome.kind, code: outcome.code, detail: outcome.message };
    case 'gone':
    case 'superseded':
    case undefined:
      return { status: 'unknown' as const, code: null, detail: null };
  }
}
