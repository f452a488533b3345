/** Signals that reach a life past the API: typed by hand, with an id of the sender's, owed by a row. */
import { randomUUID } from 'node:crypto';
import { idFrom } from '../../models/tickets/identity';
import { owe } from '../../models/tickets/kernel/record';
import { workflowIdOf } from '../../workflows/process';
import type { Installation } from '../ops/installation';
import type { Desk } from '../rig/desk';
import type { Signal } from './check/evidence';
import { personId, type Seen } from './deed';
import type { Dice } from './dice';

export interface Strangers {
  /** Everything that was sent, with what became of it as far as its sender knows. */
  readonly signals: readonly Signal[];
  /** Sends one of a random sort, mostly twice, as whoever got no answer does. */
  send(desk: Desk, seen: Pick<Seen, 'id' | 'number'>, dice: Dice): Promise<void>;
}

type Deps = Pick<Installation, 'database' | 'engine'>;

export function openStrangers(deps: Deps): Strangers {
  const signals: Signal[] = [];
  let count = 0;
  return {
    signals,
    send: async (desk, seen, dice) => {
      count += 1;
      const letter = { desk, seen, mark: `typed-${count}`, times: dice.whole(1, 3) };
      const sort = dice.pick(['typed', 'named', 'owed'] as const);
      signals.push(await post(deps, sort, letter));
    },
  };
}

interface Letter {
  readonly desk: Desk;
  readonly seen: Pick<Seen, 'id' | 'number'>;
  readonly mark: string;
  readonly times: number;
}

async function post(deps: Deps, sort: Signal['sort'], letter: Letter): Promise<Signal> {
  const { id: ticketId } = letter.seen;
  const at = Date.now();
  if (sort === 'typed') {
    const isTaken = await signal(deps, letter.seen, letter.desk, {
      name: letter.mark,
      payload: {},
    });
    return { sort, ticketId, token: letter.mark, isTaken, at };
  }
  const cause = randomUUID();
  if (sort === 'named') {
    const isTaken = await repeatedly(deps, letter, { cause, input: {} });
    return { sort, ticketId, token: idFrom(ticketId, cause, 'signal'), isTaken, at };
  }
  const isOwed = await oweComment(deps, letter, cause);
  if (isOwed) await repeatedly(deps, letter, { cause, ticketId });
  return { sort, ticketId, token: cause, isTaken: isOwed, at };
}

/** True when the engine took it at least once. */
async function repeatedly(deps: Deps, letter: Letter, payload: object): Promise<boolean> {
  let isTaken = false;
  for (let time = 0; time < letter.times; time += 1) {
    const sent = await signal(deps, letter.seen, letter.desk, { name: 'fact', payload });
    isTaken ||= sent;
  }
  return isTaken;
}

const withinMs = 10_000;

async function signal(
  { engine }: Deps,
  { number }: Pick<Seen, 'number'>,
  { slug }: Desk,
  { name, payload }: { name: string; payload: object },
): Promise<boolean> {
  const handle = engine.client.workflow.getHandle(workflowIdOf(slug, 'incident', number));
  try {
    await engine.connection.withDeadline(Date.now() + withinMs, () => handle.signal(name, payload));
    return true;
  } catch {
    // The engine is away, or the life has ended: nobody was told that it is taken.
    return false;
  }
}

/** A comment that the outbox owes to the life, as one from another process would be. */
async function oweComment(
  deps: Deps,
  { desk, seen, mark }: Letter,
  cause: string,
): Promise<boolean> {
  const [agent = ''] = desk.agents;
  const actor = { kind: 'person', id: personId(desk, agent), name: 'agent-1', role: 'agent' };
  const payload = {
    ...{ cause, name: 'commented', actor, occurredAt: new Date().toISOString() },
    input: { body: `Owed: ${mark}`, isPublic: false },
  };
  try {
    await deps.database.inOrganization(desk.organizationId, (tx) =>
      owe(tx, { ticketId: seen.id, id: cause, kind: 'signal', name: 'fact', payload }),
    );
    return true;
  } catch {
    return false;
  }
}
