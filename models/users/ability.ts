/**
 * Who may do what, as CASL rules derived from the process declarations. One set of rules decides a
 * single request, fills `allowed` on every ticket and narrows lists.
 */
import { createMongoAbility, subject, type MongoAbility, type RawRuleOf } from '@casl/ability';
import type { ProcessDeclaration } from '../../workflows/process';
import type { Ticket } from '../tickets/ticket';
import { includesRole, type Role } from './actor';

export type Ability = MongoAbility<[string, string | object]>;
type AbilityRule = RawRuleOf<Ability>;

export interface Who {
  readonly id: string;
  readonly role: Role;
}

/** The fields of a ticket that access rules look at. */
export type AccessFields = Pick<
  Ticket,
  'type' | 'state' | 'requesterId' | 'openedById' | 'watcherIds'
>;

/** All that a person may do with tickets of these processes. */
export function abilityOf(who: Who, processes: readonly ProcessDeclaration[]): Ability {
  return createMongoAbility(
    processes.flatMap((process) => [
      ...readingRules(who, process),
      ...openingRules(who, process),
      ...Object.keys(process.commands).flatMap((command) => commandRules(who, process, command)),
    ]),
  );
}

const remembered = new WeakMap<ProcessDeclaration, Map<string, Ability>>();
const peopleRemembered = 2_000;

/** The same for one process, made once a person: a list asks it for every ticket that it shows. */
export function abilityIn(process: ProcessDeclaration, { id, role }: Who): Ability {
  const known = remembered.get(process) ?? new Map<string, Ability>();
  remembered.set(process, known);
  const key = `${role}/${id}`;
  const found = known.get(key);
  if (found) return found;
  if (known.size >= peopleRemembered) known.clear();
  const made = abilityOf({ id, role }, [process]);
  known.set(key, made);
  return made;
}

/** Whether they may give this command to this ticket, as far as rights go. */
export function mayCommand(
  ability: Ability,
  process: ProcessDeclaration,
  command: string,
  ticket: AccessFields,
): boolean {
  return ability.can(commandAction(process, command), asSubject(ticket));
}

export function maySee(ability: Ability, ticket: AccessFields): boolean {
  return ability.can('read', asSubject(ticket));
}

/** Agents see every ticket of their organization and its internal notes. */
export function seesInternal(who: Who): boolean {
  return includesRole(who.role, 'agent');
}

function readingRules(who: Who, { type }: ProcessDeclaration): AbilityRule[] {
  if (seesInternal(who)) return [{ action: 'read', subject: type }];
  return [
    { action: 'read', subject: type, conditions: { requesterId: who.id } },
    { action: 'read', subject: type, conditions: { openedById: who.id } },
    { action: 'read', subject: type, conditions: { watcherIds: who.id } },
  ];
}

function openingRules(who: Who, process: ProcessDeclaration): AbilityRule[] {
  const mayOpen = includesRole(who.role, process.opening.role);
  return mayOpen ? [{ action: 'open', subject: process.type }] : [];
}

function commandRules(who: Who, process: ProcessDeclaration, command: string): AbilityRule[] {
  const declared = process.commands[command];
  if (!declared) return [];
  const action = commandAction(process, command);
  if (includesRole(who.role, declared.role)) return [{ action, subject: process.type }];
  if (!declared.requester) return [];
  return [
    {
      action,
      subject: process.type,
      conditions: { requesterId: who.id, state: { $in: [...declared.requester] } },
    },
  ];
}

function commandAction(process: ProcessDeclaration, command: string): string {
  return `${process.type}:${command}`;
}

function asSubject(ticket: AccessFields): object {
  const { type, state, requesterId, openedById, watcherIds } = ticket;
  return subject(type, { state, requesterId, openedById, watcherIds });
}
