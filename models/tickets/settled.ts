/** What follows from what a rule said: the agenda, the lines of the feed, who sees it, versions. */
import { compare } from '../compare';
import type { Instant } from '../instant';
import { clockEntries, isClockEntry } from '../sla/agenda';
import { isOpenState } from '../../workflows/process';
import type { ClockEvent } from '../sla/clock/events';
import { changesBetween, watchedOf, type Changes } from './changes';
import { linesOf } from './clocks';
import { refuseMove, teamThatSees } from './confidential';
import type { Happening, TicketEvent } from './happening';
import { moveBetween } from './definition';
import { kernelFacts, type Fact, type FactActor } from './fact';
import { turnOf } from './linking';
import type { Next } from './next';
import type { NewEvent } from './owed';
import type { Context, Process } from './rules';
import type { AgendaEntry, Ticket } from './ticket';

/** A fact with what its rule said about it. */
interface Said {
  readonly process: Process;
  readonly before: Ticket;
  readonly fact: Fact;
  readonly said: Next<Ticket['details']>;
  readonly context: Context;
}

/** `said` with its clocks moved. */
export function settled(spoken: Said): Happening {
  const { process, before, fact, said, context } = spoken;
  const expected =
    process.declaration.commands[fact.name]?.event ??
    (said.events.length === 0 ? eventOfResult(fact) : undefined);
  const isOpen = isOpenState(process.declaration, said.ticket.state);
  const { sla } = process.rules;
  const acknowledgedAt = sla?.acknowledgedAt(said.ticket.details) ?? null;
  const { agreement } = context;
  const clockAgenda = isOpen ? clockEntries(said.ticket.clocks, agreement, acknowledgedAt) : [];
  const ownAgenda = isOpen ? said.ticket.agenda.filter(({ key }) => !isClockEntry(key)) : [];
  const { clocks: after } = said.ticket;
  const told = [
    ...withDefault(said.events, expected, fact),
    ...linesOf(before.clocks, said.clockEvents, { after, agreement }),
    ...moveBetween(before, said.ticket),
  ];
  // What happened to clocks stands with the first line, so there has to be one.
  const lines = told.length === 0 && said.clockEvents.length > 0 ? [clocksMoved] : told;
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
  const changes = changesBetween(watchedOf(before, sla), watchedOf(ticket, sla));
  const about = { version: before.version, fact, changes, clocks: said.clockEvents };
  const events = lines.map((line, k) => eventOf(line, k, about));
  const turned = turnOf(process.declaration, before, ticket, fact);
  return { fact, ticket, events, owed: said.owed, turned };
}

const clocksMoved: NewEvent = { type: 'slaClocksMoved', data: {}, visibility: 'internal' };

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

interface About {
  /** Of the ticket before. */
  readonly version: number;
  readonly fact: Fact;
  readonly changes: Changes;
  readonly clocks: readonly ClockEvent[];
}

function eventOf(
  line: NewEvent,
  k: number,
  { version, fact, changes, clocks }: About,
): TicketEvent {
  const isFirst = k === 0;
  return {
    version: version + k + 1,
    cause: isFirst ? fact.cause : `${fact.cause}#${k}`,
    type: line.type,
    visibility: line.visibility,
    actor: named(fact.actor),
    via: fact.via,
    at: line.at ?? fact.occurredAt,
    data: {
      ...line.data,
      ...(isFirst && Object.keys(changes).length > 0 && { changes }),
      ...(isFirst && clocks.length > 0 && { clocks }),
    },
  };
}

/** The feed says who it was, not what they held. */
function named({ kind, id, name, role }: FactActor): FactActor {
  return { kind, id, name, role };
}
