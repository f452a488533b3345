/**
 * One fact on one ticket, purely: guard, rule, what follows from the new state, versions. The kernel
 * around it (apply.ts) locks, loads and writes.
 */
import { compare } from '../compare';
import type { Instant } from '../instant';
import { nextDeadline } from '../sla/agenda';
import type { Agreement } from '../sla/agreement';
import { climb } from '../sla/climb';
import { waited } from '../sla/waiting';
import { isOpenState, type ProcessDeclaration } from '../../workflows/process';
import { underPresent } from './definition';
import { holdfast, kernelFacts, type Fact } from './fact';
import { followed, type Following } from './follow';
import type { Happening } from './happening';
import { linkRule, refuseLinked } from './linking';
import { refuseStale, refuseUnlessAllowed, refuseUntimely } from './guard';
import { next, type Next } from './next';
import { WorkResult, type Context, type Process, type Rule } from './rules';
import { settled } from './settled';
import { bareGround } from './subject';
import { textRules } from './texts';
import type { AgendaEntry, Ticket } from './ticket';

export type { Happening, TicketEvent } from './happening';

type AnyRule = Rule<Ticket['details'], unknown>;
type AgendaRule = Rule<Ticket['details'], AgendaEntry>;

/** Applies a fact where nothing stands around the ticket; throws a Refusal when it may not happen, any other error when a rule is wrong. */
export function decide(process: Process, ticket: Ticket, fact: Fact, context: Context): Happening {
  const spoken = speak(process, ticket, fact, context);
  return concluded(process, spoken, { fact, context, ground: bareGround });
}

/** What the rule of a fact says, before clocks follow. */
export interface Spoken {
  readonly before: Ticket;
  readonly said: Next<Ticket['details']>;
}

export function speak(process: Process, ticket: Ticket, fact: Fact, context: Context): Spoken {
  const command = process.declaration.commands[fact.name];
  if (command) refuseUnlessAllowed(process.declaration, ticket, fact);
  else refuseStale(ticket, fact.ifMatch);
  if (fact.via !== 'engine' && Object.hasOwn(process.declaration.signals, fact.name))
    refuseUntimely(process.declaration, ticket, fact);
  refuseLinked(process.declaration, ticket, fact, context);
  const said = ruleFor(process, fact)(underPresent(process, ticket), fact, context);
  if (command) checkArrival(process.declaration, ticket.state, said.ticket.state, fact.name);
  return { before: ticket, said };
}

/** All that follows of what was said: clocks, what lies ahead, lines of the feed, versions. */
export function concluded(
  process: Process,
  { before, said }: Spoken,
  {
    fact,
    context,
    ground,
    past,
  }: Pick<Following, 'fact' | 'ground' | 'past'> & { context: Context },
): Happening {
  const { agreement } = context;
  const moved = followed(process, said, { before, fact, agreement, ground, past });
  return settled({ process, before, fact, said: moved, context });
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
    asOf: fact.occurredAt,
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
  const rule = kernelRule(process, first) ?? process.rules.agenda[first];
  if (!rule) return undefined;
  return (ticket, fact, context) => {
    const entry = ticket.agenda.find(({ key }) => key === name);
    if (!entry) throw new Error(`${name} is not on the agenda`);
    const agenda = ticket.agenda.filter((one) => one !== entry);
    return rule({ ...ticket, agenda }, { ...fact, input: entry }, context);
  };
}

/** Key of the agenda entry of a ticket that waits for somebody to take it. */
export const sharing = 'assignment';

/** What the kernel puts on an agenda itself. */
function kernelRule({ rules: { sla } }: Process, first: string): AgendaRule | undefined {
  // Whether somebody is there by now is asked after every rule (kernel/share.ts).
  if (first === sharing) return (ticket) => next(ticket);
  if (!sla) return undefined;
  if (first === 'sla') return (ticket, fact, context) => climb(ticket, fact, context, sla);
  if (first === 'wait') return (ticket, fact, context) => waited(ticket, fact, context, sla);
  return undefined;
}

function resultRule(process: Process, fact: Fact): AnyRule | undefined {
  if (fact.name !== kernelFacts.workDone && fact.name !== kernelFacts.workFailed) return undefined;
  const input = WorkResult.parse(fact.input);
  const [first = input.key] = input.key.split('.');
  const results = process.rules.results[first];
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
