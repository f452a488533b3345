/** Whether a fact may happen now: the state, who it is, and the revision that the caller saw. */
import { Refusal } from '../errors';
import { abilityIn, mayCommand, type AccessFields } from '../users/ability';
import { answersOf, type ProcessDeclaration } from '../../workflows/process';
import type { Fact, FactActor } from './fact';
import type { Ticket } from './ticket';

/** Commands and answers that the state of this ticket and the rights of this person leave open. */
export function allowedCommands(
  process: ProcessDeclaration,
  ticket: AccessFields,
  actor: FactActor,
): string[] {
  const holds = rightsOf(process, ticket, actor);
  return [...Object.keys(process.commands), ...answersOf(process)].filter(
    (name) => isPossible(process, ticket, name) && holds(name),
  );
}

function isPossible(process: ProcessDeclaration, { state }: Pick<Ticket, 'state'>, name: string) {
  const from = process.commands[name]?.from ?? process.signals[name]?.from;
  return from === undefined || from.includes(state);
}

/** Refuses what is said to a ticket in a state in which it means nothing; whose it is is not looked at. */
export function refuseUntimely(
  process: ProcessDeclaration,
  ticket: Pick<Ticket, 'state'>,
  { name }: Pick<Fact, 'name'>,
): void {
  if (isPossible(process, ticket, name)) return;
  throw new Refusal('invalid_transition', `${name} is not possible in state ${ticket.state}.`, {
    allowed: [],
    state: ticket.state,
  });
}

/** Refuses a command or an answer that the state or the caller's rights do not allow; says what is allowed. */
export function refuseUnlessAllowed(
  process: ProcessDeclaration,
  ticket: Ticket,
  fact: Pick<Fact, 'name' | 'actor' | 'ifMatch'>,
): void {
  // Names come from outside: `constructor` is no command.
  const isKnown =
    Object.hasOwn(process.commands, fact.name) || answersOf(process).includes(fact.name);
  if (!isKnown) throw new Refusal('not_found', `There is no command ${fact.name}.`);
  refuseStale(ticket, fact.ifMatch);
  // Whoever was asked is asked no more when it is over: they are told that it is, not about rights.
  if (answersOf(process).includes(fact.name)) refuseUntimely(process, ticket, fact);
  const isHolder = rightsOf(process, ticket, fact.actor)(fact.name);
  if (isHolder && isPossible(process, ticket, fact.name)) return;
  const allowed = allowedCommands(process, ticket, fact.actor);
  if (isHolder || isHolderElsewhere(process, ticket, fact)) {
    throw new Refusal(
      'invalid_transition',
      `${fact.name} is not possible in state ${ticket.state}; allowed: ${allowed.join(', ') || 'nothing'}.`,
      { allowed, state: ticket.state },
    );
  }
  throw new Refusal('forbidden', `You may not ${fact.name} this ${process.type}.`, { allowed });
}

export function refuseStale(ticket: Pick<Ticket, 'revision'>, ifMatch: number | undefined): void {
  if (ifMatch === undefined || ifMatch === ticket.revision) return;
  throw new Refusal(
    'stale_version',
    `The ticket is at revision ${ticket.revision}, not at ${ifMatch}: read it again.`,
    { revision: ticket.revision },
  );
}

/** A requester who may do it in another state is told about the state, not about rights. */
function isHolderElsewhere(
  process: ProcessDeclaration,
  ticket: Ticket,
  fact: Pick<Fact, 'name' | 'actor'>,
): boolean {
  const declared = process.commands[fact.name];
  return declared?.requester !== undefined && fact.actor.id === ticket.requesterId;
}

function rightsOf(
  process: ProcessDeclaration,
  ticket: AccessFields,
  actor: FactActor,
): (command: string) => boolean {
  if (actor.kind === 'system') return () => true;
  const { id, role } = actor;
  if (id === null || role === null) return () => false;
  const ability = abilityIn(process, { ...actor, id, role });
  return (command) => mayCommand(ability, process, command, ticket);
}
