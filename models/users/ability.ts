/**
 * Who may do what, as CASL rules derived from the process declarations. One set of rules decides a
 * single request, fills `allowed` on every ticket and narrows lists.
 */
import { createMongoAbility, subject, type MongoAbility, type RawRuleOf } from '@casl/ability';
import type { ProcessDeclaration } from '../../workflows/process';
import type { Ticket } from '../tickets/ticket';
import { answersOf, permissionOf } from '../../workflows/process';
import { allOf, editOf, may } from './permissions';
import { includesRole, type Rights, type Role } from './actor';
import { holds } from './rights';

export type Ability = MongoAbility<[string, string | object]>;
type AbilityRule = RawRuleOf<Ability>;

export interface Who extends Rights {
  readonly id: string;
  /** People in whose place they act at this moment. Absent: nobody. */
  readonly standsFor?: readonly string[] | undefined;
}

/** The fields of a ticket that access rules look at. */
export type AccessFields = Pick<
  Ticket,
  'type' | 'state' | 'requesterId' | 'openedById' | 'watcherIds' | 'awaitedIds'
>;

/** All that a person may do with tickets of these processes. */
export function abilityOf(who: Who, processes: readonly ProcessDeclaration[]): Ability {
  return createMongoAbility(
    processes.flatMap((process) => [
      ...readingRules(who, process),
      ...openingRules(who, process),
      ...Object.keys(process.commands).flatMap((command) => commandRules(who, process, command)),
      ...answersOf(process).flatMap((answer) => answerRules(who, process, answer)),
    ]),
  );
}

const remembered = new WeakMap<ProcessDeclaration, Map<string, Ability>>();
const peopleRemembered = 2_000;

/** The same for one process, made once a person: a list asks it for every ticket that it shows. */
export function abilityIn(process: ProcessDeclaration, who: Who): Ability {
  const known = remembered.get(process) ?? new Map<string, Ability>();
  remembered.set(process, known);
  const key = keyOf(who);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= peopleRemembered) known.clear();
  const made = abilityOf(who, [process]);
  known.set(key, made);
  return made;
}

function keyOf({ id, role, granted, scopes, standsFor }: Who): string {
  const most = `${role}/${id}/${standsFor?.join() ?? ''}`;
  if (granted === undefined && scopes === undefined) return most;
  return `${most}/${granted?.join() ?? ''}/${scopes?.join() ?? 'all'}`;
}

/** Whether they may give this command or answer to this ticket, as far as rights go. */
export function mayCommand(
  ability: Ability,
  process: ProcessDeclaration,
  command: string,
  ticket: AccessFields,
): boolean {
  return ability.can(commandAction(process, command), asSubject(ticket));
}

/** By the reading rules alone: what is confidential has walls beside them (api/tickets/sight.ts). */
export function maySee(ability: Ability, ticket: AccessFields): boolean {
  return ability.can('read', asSubject(ticket));
}

export function seesInternal(who: Rights): boolean {
  return may(who, 'note:internal');
}

/** Whether confidential tickets of all teams are open to them. */
export function seesConfidential(who: Rights): boolean {
  return may(who, 'ticket:confidential');
}

/**
 * Whether being in a team, or having a ticket, opens confidential ones to them. Of a program it does not
 * by itself: its scopes must name the permission.
 */
export function reachesConfidential({ scopes }: Pick<Rights, 'scopes'>): boolean {
  return scopes?.includes('ticket:confidential') !== false;
}

/**
 * What counts of somebody on a confidential ticket that they see as its requester or as a watcher, not as
 * one of its team: what counts of everybody, and no internal notes.
 */
export function asOutsider<W extends Rights>(who: W): W {
  return { ...who, role: 'end_user', granted: undefined };
}

/** Whether tickets of others are open to them, too. */
export function seesAll(who: Rights, type: string): boolean {
  return holds(who, allOf(type), 'agent');
}

/**
 * Types of tickets of which they hold a permission that a protected role has from `least` on; what
 * `seesAll` says of one type for all of them.
 */
export function typesWith(
  { role, granted = [], scopes }: Rights,
  right: 'read' | 'all',
  least: Role,
): 'every' | string[] {
  const typesIn = (names: readonly string[]) =>
    names.flatMap((name) => (name.endsWith(`:${right}`) ? [name.slice(0, -right.length - 1)] : []));
  if (includesRole(role, least)) return scopes === undefined ? 'every' : typesIn(scopes);
  return typesIn(granted.filter((name) => scopes?.includes(name) !== false));
}

/** Whether they may change texts, watchers and links of tickets of others. */
export function mayEdit(who: Rights, type: string): boolean {
  return holds(who, editOf(type), 'agent');
}

function readingRules(who: Who, { type }: ProcessDeclaration): AbilityRule[] {
  if (seesAll(who, type)) return [{ action: 'read', subject: type }];
  return [
    { action: 'read', subject: type, conditions: { requesterId: who.id } },
    { action: 'read', subject: type, conditions: { openedById: who.id } },
    { action: 'read', subject: type, conditions: { watcherIds: who.id } },
    { action: 'read', subject: type, conditions: { awaitedIds: { $in: representedBy(who) } } },
  ];
}

/** They themselves, and those in whose place they act. */
export function representedBy({ id, standsFor = [] }: Pick<Who, 'id' | 'standsFor'>): string[] {
  return [id, ...standsFor];
}

function openingRules(who: Who, process: ProcessDeclaration): AbilityRule[] {
  const mayOpen = holds(who, `${process.type}:open`, process.opening.role);
  return mayOpen ? [{ action: 'open', subject: process.type }] : [];
}

function commandRules(who: Who, process: ProcessDeclaration, command: string): AbilityRule[] {
  const declared = process.commands[command];
  if (!declared) return [];
  const action = commandAction(process, command);
  const permission = permissionOf(process, command);
  if (holds(who, permission, declared.role)) return [{ action, subject: process.type }];
  const isOutOfBounds = who.scopes?.includes(permission) === false;
  if (!declared.requester || isOutOfBounds) return [];
  return [
    {
      action,
      subject: process.type,
      conditions: { requesterId: who.id, state: { $in: [...declared.requester] } },
    },
  ];
}

/** Whoever the ticket waits for; a token only within its scopes. */
function answerRules(who: Who, process: ProcessDeclaration, answer: string): AbilityRule[] {
  if (!holds(who, permissionOf(process, answer), 'end_user')) return [];
  const conditions = { awaitedIds: { $in: representedBy(who) } };
  return [{ action: commandAction(process, answer), subject: process.type, conditions }];
}

function commandAction(process: ProcessDeclaration, command: string): string {
  return `${process.type}:${command}`;
}

function asSubject(ticket: AccessFields): object {
  const { type, state, requesterId, openedById, watcherIds, awaitedIds } = ticket;
  return subject(type, { state, requesterId, openedById, watcherIds, awaitedIds });
}
