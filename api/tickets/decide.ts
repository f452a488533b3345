/** Asks a life for its decision, through restarts, new runs and full queues, for a bounded time. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { grpcCodeOf } from '../../engine/client';
import type { LifeRef } from '../../engine/lives';
import { Refusal } from '../../models/errors';
import type { Outcome } from '../../models/tickets/fact';
import type { Command } from '../../workflows/life/wire';
import type { TicketDeps } from './door';

/** Longer than every timeout of the engine on the way, so that a crash is survived within one call. */
const patienceMs = 8_000;
const betweenTriesMs = 50;
/** The gRPC code for too many updates of this life under way. */
const resourceExhausted = 8;

/** The outcome, or undefined when it is not known yet: then nobody knows, and asking again is safe. */
export async function decideInLife(
  deps: TicketDeps,
  organizationId: string,
  life: LifeRef,
  command: Command,
): Promise<Outcome | undefined> {
  const deadline = Date.now() + patienceMs;
  let isBusy = false;
  while (Date.now() < deadline) {
    const reading = await ask(deps, life, command, deadline - Date.now());
    if (typeof reading === 'object') return reading;
    if (reading === 'undecided') return undefined;
    isBusy = reading === 'busy';
    if (reading === 'notAlive' && !(await revive(deps, organizationId, command))) {
      return undefined;
    }
    await pause(betweenTriesMs);
  }
  if (!isBusy) return undefined;
  throw new Refusal('rate_limited', 'Too many commands for this ticket wait at once.', {
    retryAfterSeconds: 2,
  });
}

/** A life that was superseded has ended; the engine would repeat its answer until the next one begins. */
async function ask(
  deps: TicketDeps,
  life: LifeRef,
  command: Command,
  milliseconds: number,
): Promise<Outcome | Reading> {
  try {
    const outcome = await deps.lives.command(life, command, milliseconds);
    return outcome.kind === 'superseded' ? 'notAlive' : outcome;
  } catch (error) {
    return readingOf(error);
  }
}

/** Starts the life that was not found; false when the engine is away. */
async function revive(deps: TicketDeps, organizationId: string, command: Command) {
  const { ticketId, cause: commandId, requestId } = command;
  const living = await deps.lives.find(organizationId, ticketId);
  if (!living) return true;
  try {
    await deps.lives.start(living);
    return true;
  } catch (error) {
    deps.log.warn({ ticketId, commandId, requestId, err: error }, 'a life could not be started');
    return false;
  }
}

type Reading = 'undecided' | 'notAlive' | 'again' | 'busy';

/** What an error of the engine means for a command. */
function readingOf(error: unknown): Reading {
  if (error instanceof WorkflowNotFoundError) return 'notAlive';
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'undecided';
  if (error instanceof WorkflowUpdateFailedError) return readingOfFailure(error);
  const code = grpcCodeOf(error);
  if (code !== undefined) return code === resourceExhausted ? 'busy' : 'undecided';
  throw error;
}

function readingOfFailure(failed: WorkflowUpdateFailedError): Reading {
  const { cause } = failed;
  if (!(cause instanceof ApplicationFailure)) throw failed;
  if (cause.type === 'invalid_request') throw new Refusal('invalid_request', cause.message);
  // The run asks for the next one, or ended before it took or answered the update: the server has
  // words for each (UnprocessedUpdate, AcceptedUpdateCompletedWorkflow). Whatever was applied stands
  // in the row under this command's cause, so asking the next run is safe.
  return 'again';
}
