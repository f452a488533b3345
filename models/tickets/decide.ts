/**
 * One fact on one ticket, purely: guard, rule, what follows from the new state, versions. The kernel
 * around it (apply.ts) locks, loads and writes.
 */
import type { Instant } from '../instant';
import { clockEntries, isClockEntry, nextDeadline } from '../sla/agenda';
import type { Agreement } from '../sla/agreement';
import { withdrawals } from '../sla/promises';
import { isOpenState, type ProcessDeclaration } from '../../workflows/process';
import { changesBetween } from './changes';
import { refuseMove, teamThatSees } from './confidential';
import { moveBetween, underPresent } from './definition';
import { holdfast, kernelFacts, type Fact, type FactActor, type Via } from './fact';
import { linkRule, refuseLinked, turnOf, type Turned } from './linking';
import { refuseStale, refuseUnlessAllowed, refuseUntimely } from './guard';
import type { Next } from './next';
import type { NewEvent, Owed, Visibility } from './owed';
import { WorkResult, type Context, type Process, type Rule } from './rules';
import { textRules } from './texts';
import type { AgendaEntry, Ticket } from './ticket';

type AnyRule = Rule<Ticket['details'], unknown>;

/** A line of the feed, complete but for the place in it that the database gives. */
export interface TicketEvent {
  readonly version: number;
  readonly cause: string;
  readonly type: string;
  readonly visibility: Visibility;
  readonly actor: FactActor;
  readonly via: Via;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one fact did. */
export interface Happening {
  readonly fact: Fact;
  readonly ticket: Ticket;
  readonly events: readonly TicketEvent[];
  readonly owed: Owed;
  /** It has ended or goes on: those that follow it by a link are told. */
  readonly turned?: Turned | undefined;
}

/** Applies a fact; throws a Refusal when it may not happen, any other error when a rule is wrong. */
export function decide(process: Process, ticket: Ticket, fact: Fact, context: Context): Happening {
  const command = process.declaration.commands[fact.name];
  if (command) refuseUnlessAllowed(process.declaration, ticket, fact);
  else refuseStale(ticket, fact.ifMatch);
  if (fact.via !== 'engine' && Object.hasOwn(process.declaration.signals, fact.name))
    refuseUntimely(process.declaration, ticket, fact);
  refuseLinked(process.declaration, ticket, fact, context);
  const said = ruleFor(process, fact)(underPresent(process, ticket), fact, context);
  if (command) checkArrival(process.declaration, ticket.state, said.ticket.state, fact.name);
  return settle({ process, before: ticket, fact, said, context });
}

/** The agenda entry that `fact` stands for, handled at its own instant unless it had to wait. */
export function factOfEntry(
  entry: AgendaEntry,
  fact: Fact,
  occurredAt: Instant = entry.at,
): Fact<AgendaEntry> {
  return {
    cause: `${entry.key}@${entry.at}/${entry.n}`,
    name: entry.key,
    input: entry,
    actor: holdfast,
    via: 'engine',
    occurredAt,
    requestId: fact.requestId,
  };
}

/** Entries that are due at `now`, in the order in which they have to be handled. */
export function dueEntries(agenda: readonly AgendaEntry[], now: Instant): AgendaEntry[] {
  return agenda
    .filter(({ at }) => at <= now)
    .sort((a, b) => compare(a.at, b.at) || compare(a.key, b.key));
}

/** Where the life of a ticket ends: nothing lies ahead of it and nothing is owed. */
export function isSettled(process: ProcessDeclaration, ticket: Ticket): boolean {
  return (
    !isOpenState(process, ticket.state) && ticket.agenda.length === 0 && ticket.work.length === 0
  );
}

/** The columns that follow from a ticket. */
export function derivedOf(process: Process, ticket: Ticket, agreement: Agreement) {
  return {
    isOpen: isOpenState(process.declaration, ticket.state),
    isSettled: isSettled(process.declaration, ticket),
    dueAt: nextDeadline(ticket, agreement),
  };
}

/** What the engine brings and what people say are looked up apart: they may have the same name. */
function ruleFor(process: Process, fact: Fact): AnyRule {
  const { rules, declaration } = process;
  const { opened, commented, released } = rules;
  const rule =
    fact.via === 'engine'
      ? (agendaRule(process, fact.name) ?? resultRule(process, fact) ?? own(textRules, fact.name))
      : (own(rules.commands, fact.name) ??
        own(rules.signals, fact.name) ??
        own({ opened, commented, released, ...textRules }, fact.name) ??
        linkRule(process, fact.name));
  if (!rule) throw new Error(`${declaration.type} has no rule for ${fact.name}`);
  return rule;
}

/** Names come from outside: `constructor` is no rule. */
function own(table: Readonly<Record<string, AnyRule>>, name: string): AnyRule | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Takes the entry off the agenda before its rule speaks, so that a rule can put it on again. */
function agendaRule(process: Process, name: string): AnyRule | undefined {
  const [first = name] = name.split('.');
  const rule = process.rules.agenda[first];
  if (!rule) return undefined;
  return (ticket, fact, context) => {
    const entry = ticket.agenda.find(({ key }) => key === name);
    if (!entry) throw new Error(`${name} is not on the agenda`);
    const agenda = ticket.agenda.filter((one) => one !== entry);
    return rule({ ...ticket, agenda }, { ...fact, input: entry }, context);
  };
}

function resultRule(process: Process, fact: Fact): AnyRule | undefined {
  if (fact.name !== kernelFacts.workDone && fact.name !== kernelFacts.workFailed) return undefined;
  const input = WorkResult.parse(fact.input);
  const results = process.rules.results[input.key];
  const rule = fact.name === kernelFacts.workDone ? results?.done : results?.failed;
  if (!rule) return undefined;
  return (ticket, given, context) => {
    const work = ticket.work.filter(({ key, n }) => key !== input.key || n !== input.n);
    return rule({ ...ticket, work }, { ...given, input }, context);
  };
}

function checkArrival(process: ProcessDeclaration, from: string, to: string, name: string): void {
  const declared = process.commands[name]?.to ?? [];
  if (declared.includes(to) || (from === to && declared.includes('same'))) return;
  throw new Error(`${process.type}: the rule of ${name} leads from ${from} to ${to}`);
}

/** A fact with what its rule said about it. */
interface Said {
  readonly process: Process;
  readonly before: Ticket;
  readonly fact: Fact;
  readonly said: Next<Ticket['details']>;
  readonly context: Context;
}

function settle(spoken: Said): Happening {
  const { process, before, fact, said, context } = spoken;
  const expected =
    process.declaration.commands[fact.name]?.event ??
    (said.events.length === 0 ? eventOfResult(fact) : undefined);
  const isOpen = isOpenState(process.declaration, said.ticket.state);
  const clockAgenda = isOpen ? clockEntries(said.ticket.clocks, context.agreement) : [];
  const ownAgenda = isOpen ? said.ticket.agenda.filter(({ key }) => !isClockEntry(key)) : [];
  const lines = [
    ...withDefault(said.events, expected, fact),
    ...withdrawals(before.clocks, said.ticket.clocks),
    ...moveBetween(before, said.ticket),
  ];
  const confidentialTeamId = teamThatSees(before, said.ticket, fact, context);
  refuseMove(before, confidentialTeamId, fact);
  const version = before.version + lines.length;
  const ticket: Ticket = {
    ...said.ticket,
    confidentialTeamId,
    agenda: numbered([...ownAgenda, ...clockAgenda], said.ticket.agenda, version),
    work: said.ticket.work.map((one) => (one.n === 0 ? { ...one, n: version } : one)),
    version,
    revision: before.revision + 1,
    updatedAt: fact.occurredAt > before.updatedAt ? fact.occurredAt : before.updatedAt,
  };
  const events = lines.map((line, k) => eventOf(line, k, { before, after: ticket, fact }));
  const turned = turnOf(process.declaration, before, ticket, fact);
  return { fact, ticket, events, owed: said.owed, turned };
}

/** A result has an identity, so it leaves a trace even when its rule has nothing to say. */
function eventOfResult({ name }: Fact): string | undefined {
  return name === kernelFacts.workDone || name === kernelFacts.workFailed ? name : undefined;
}

function withDefault(
  events: readonly NewEvent[],
  type: string | undefined,
  fact: Fact,
): readonly NewEvent[] {
  if (type === undefined || events.some((event) => event.type === type)) return events;
  const data = typeof fact.input === 'object' && fact.input !== null ? { ...fact.input } : {};
  return [{ type, data, visibility: 'public' }, ...events];
}

/** Entries that were there keep the version that added them; new ones get the present one. */
function numbered(
  wanted: readonly { key: string; at: Instant; what: string; n?: number }[],
  present: readonly AgendaEntry[],
  version: number,
): AgendaEntry[] {
  return wanted
    .map(({ key, at, what, n }) => {
      const old = present.find((entry) => entry.key === key && entry.at === at && entry.n > 0);
      return { key, at, what, n: n !== undefined && n > 0 ? n : (old?.n ?? version) };
    })
    .sort((a, b) => compare(a.at, b.at) || compare(a.key, b.key));
}

function eventOf(
  line: NewEvent,
  k: number,
  { before, after, fact }: { before: Ticket; after: Ticket; fact: Fact },
): TicketEvent {
  const changes = k === 0 ? changesBetween(before, after) : {};
  return {
    version: before.version + k + 1,
    cause: k === 0 ? fact.cause : `${fact.cause}#${k}`,
    type: line.type,
    visibility: line.visibility,
    actor: named(fact.actor),
    via: fact.via,
    at: line.at ?? fact.occurredAt,
    data: Object.keys(changes).length === 0 ? line.data : { ...line.data, changes },
  };
}

/** The feed says who it was, not what they held. */
function named({ kind, id, name, role }: FactActor): FactActor {
  return { kind, id, name, role };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
