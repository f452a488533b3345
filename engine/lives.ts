/** Lives in the engine: started, signalled, commanded. The only code that names workflow ids. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Database } from '../models/database';
import type { Kernel } from '../models/tickets/rules';
import type { Ticket } from '../models/tickets/ticket';
import { workflowIdOf } from '../workflows/process';
import type { Command, Life } from '../workflows/life/wire';
import type { Outcome } from '../models/tickets/fact';
import { within, type Engine } from './client';
import { unheardBy } from './unheard';
import { readLiving, type Living } from './view';

/** What the id of a life is made of. */
export interface LifeRef {
  readonly slug: string;
  readonly ticket: Pick<Ticket, 'type' | 'number'>;
}

export interface LivesDeps {
  readonly engine: Engine;
  readonly database: Database;
  readonly kernel: Kernel;
}

/** Calls that must not hold anybody up longer than this. */
const callMs = 1_500;

/** Another ticket's life runs under this id: somebody has to look. */
export class ForeignLife extends Error {
  override name = 'ForeignLife';
}

export type Lives = ReturnType<typeof createLives>;

export function createLives(deps: LivesDeps) {
  const { engine } = deps;

  /** The ticket as it stands, or undefined when it is gone. */
  function find(organizationId: string, ticketId: string): Promise<Living | undefined> {
    return deps.database.inOrganization(organizationId, (tx) =>
      readLiving(tx, deps.kernel, ticketId),
    );
  }

  /** Sees to it that an unsettled ticket lives. True when this call began the life. */
  async function start(living: Living): Promise<boolean> {
    if (living.view.settled) return false;
    try {
      await within(engine, callMs, () =>
        engine.client.workflow.start(living.ticket.type, options(engine, living)),
      );
      return true;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await refuseForeign(engine, living);
      return false;
    }
  }

  /** A signal to a ticket's life; one that does not live is started first. */
  async function signal(living: Living, name: string, payload: unknown): Promise<void> {
    if (await tell(engine, living, name, payload)) return;
    if (living.view.settled) return;
    await start(living);
    if (name === 'look' || (await tell(engine, living, name, payload))) return;
    throw new Error('The life that was begun for this message is gone again');
  }

  return {
    find,
    start,
    signal,
    /** A signal to a life that is taken to be there; false when it is not. */
    tell: (life: LifeRef, name: string, payload: unknown) => tell(engine, life, name, payload),
    command: (life: LifeRef, sent: Command, milliseconds: number) =>
      command(engine, life, sent, milliseconds),
    outcomeOf: (life: LifeRef, commandId: string, milliseconds: number) =>
      outcomeOf(engine, life, commandId, milliseconds),
    isAlive: (life: LifeRef) => isAlive(engine, life),
    terminate: (life: LifeRef, reason: string) => terminate(engine, life, reason),
    unheard: ({ slug, ticket }: Living) =>
      unheardBy(engine, workflowIdOf(slug, ticket.type, ticket.number), ticket.id),
  };
}

async function tell(engine: Engine, life: LifeRef, name: string, payload: unknown) {
  try {
    await within(engine, callMs, () => handleOf(engine, life).signal(name, payload));
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** The recorded outcome of a command; throws when it is not known within the time. */
function command(
  engine: Engine,
  life: LifeRef,
  sent: Command,
  milliseconds: number,
): Promise<Outcome> {
  return within(engine, milliseconds, () =>
    handleOf(engine, life).executeUpdate<Outcome, [Command]>('command', {
      updateId: sent.cause,
      args: [sent],
    }),
  );
}

/** The outcome of a command that was sent before, as far as the engine knows it. */
function outcomeOf(
  engine: Engine,
  life: LifeRef,
  commandId: string,
  milliseconds: number,
): Promise<Outcome> {
  return within(engine, milliseconds, () =>
    handleOf(engine, life).getUpdateHandle<Outcome>(commandId).result(),
  );
}

async function isAlive(engine: Engine, life: LifeRef): Promise<boolean> {
  try {
    const { status } = await within(engine, callMs, () => handleOf(engine, life).describe());
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Ends a life that cannot go on; the ticket and what it owes stay in their rows. */
async function terminate(engine: Engine, life: LifeRef, reason: string): Promise<void> {
  try {
    await within(engine, callMs, () => handleOf(engine, life).terminate(reason));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

function idOf({ slug, ticket }: LifeRef): string {
  return workflowIdOf(slug, ticket.type, ticket.number);
}

function handleOf({ client }: Engine, life: LifeRef) {
  return client.workflow.getHandle(idOf(life));
}

async function refuseForeign(engine: Engine, living: Living): Promise<void> {
  const { memo } = await within(engine, callMs, () => handleOf(engine, living).describe());
  if (memo?.['ticketId'] === living.ticket.id) return;
  throw new ForeignLife(`${idOf(living)} runs for ticket ${String(memo?.['ticketId'])}`);
}

function options(engine: Engine, living: Living) {
  const { ticket, view, slug } = living;
  const life: Life = {
    organizationId: ticket.organizationId,
    ticketId: ticket.id,
    type: ticket.type,
    life: ticket.life,
    view,
  };
  return {
    workflowId: idOf(living),
    taskQueue: engine.taskQueue,
    args: [life],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    workflowIdConflictPolicy: 'FAIL' as const,
    // Shorter than what the API waits, so that a crashed worker is noticed in time.
    workflowTaskTimeout: '5s' as const,
    memo: { ticketId: ticket.id, organizationId: ticket.organizationId },
    staticSummary: `${ticket.type} ${ticket.number}`,
    typedSearchAttributes: Object.entries(view.search).flatMap(([name, value]) =>
      value === null ? [] : [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value }],
    ),
    priority: { priorityKey: turnOf(ticket), fairnessKey: slug },
  };
}

/**
 * Where a life stands when the engine has a backlog; 1 comes first. The channel says so, because it is
 * kept with the ticket, so every later start finds it. Everybody may ask to come last, nobody to come first.
 */
function turnOf({ channel, priority }: Pick<Ticket, 'channel' | 'priority'>): number {
  if (channel === 'import') return 5;
  return priority === 'P1' ? 1 : 3;
}
