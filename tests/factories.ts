/**
 * Incidents, facts and contexts for tests of pure rules, each with plain defaults. `tell` applies facts as
 * the kernel does, without a database: what is due first, then the fact, only what was declared may be read.
 */
import { z } from 'zod';
import { Refusal } from '../models/errors';
import { plusSeconds, type Instant } from '../models/instant';
import { defaultSettings, type Settings } from '../models/organizations/settings';
import type { Agreement, PolicyVersion } from '../models/sla/agreement';
import { isClockEntry } from '../models/sla/agenda';
import { businessHours, roundTheClock } from '../models/sla/calendar';
import { teamsOf } from '../models/sla/climb';
import { defaultPolicy } from '../models/sla/policy/default';
import { concluded, decide, dueEntries, factOfEntry, speak } from '../models/tickets/decide';
import type { Happening } from '../models/tickets/decide';
import { beginsLate } from '../models/tickets/follow';
import { bareGround } from '../models/tickets/subject';
import { timelineOf, type Timeline } from '../models/tickets/timeline';
import { holdfast, kernelFacts, type Fact, type FactActor } from '../models/tickets/fact';
import type { Notice, Opening } from '../models/tickets/owed';
import type { Category, Context, Person, Process } from '../models/tickets/rules';
import type { Need, OwnNeed, Service, Team } from '../models/tickets/rules';
import { unopened } from '../models/tickets/unopened';
import type { Ticket } from '../models/tickets/ticket';
import type { Role } from '../models/users/actor';
import { freshIncident, type IncidentDetails } from '../workflows/incidents/details';
import { processes } from '../workflows/registry';

/** A valid UUID that says which one it is. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** A Monday morning, when business hours (UTC) begin. */
export const monday: Instant = '2026-03-02T09:00:00.000Z';

/** So long after that Monday morning. */
export function later(time: { minutes?: number; hours?: number; days?: number }): Instant {
  const { minutes = 0, hours = 0, days = 0 } = time;
  return plusSeconds(monday, ((days * 24 + hours) * 60 + minutes) * 60);
}

const actor = (n: number, name: string, role: Role): FactActor & { id: string; role: Role } => ({
  kind: 'person',
  id: uuid(n),
  name,
  role,
});

/** Everybody there is. `retired` is an agent who has left. */
export const people = {
  requester: actor(1, 'Rita Requester', 'end_user'),
  other: actor(2, 'Otto Other', 'end_user'),
  agent: actor(3, 'Anna Agent', 'agent'),
  colleague: actor(4, 'Carl Colleague', 'agent'),
  manager: actor(5, 'Mona Manager', 'manager'),
  admin: actor(6, 'Adam Admin', 'admin'),
  retired: actor(7, 'Rob Retired', 'agent'),
} as const;

export const teams = { desk: uuid(11), network: uuid(12), dissolved: uuid(13) } as const;
export const services = { mail: uuid(21), orphan: uuid(22), ended: uuid(23) } as const;
export const categories = { software: uuid(31), hardware: uuid(32), ended: uuid(33) } as const;
export const calendars = { roundTheClock: uuid(41), business: uuid(42) } as const;

/** Default promises: P1 and P2 round the clock, the rest Monday to Friday, 09:00 to 17:00 UTC. */
export function anAgreement(agreement: Partial<Agreement> = {}): Agreement {
  return {
    policies: [aPolicy()],
    calendars: [
      { id: calendars.roundTheClock, version: 1, calendar: roundTheClock },
      { id: calendars.business, version: 1, calendar: businessHours('UTC') },
    ],
    ...agreement,
  };
}

/** Published long ago, for tickets that are opened since. */
export function aPolicy(policy: Partial<PolicyVersion> = {}): PolicyVersion {
  return {
    ...{ id: uuid(51), version: 1, name: 'Incidents', position: 0, appliesToOpen: false },
    publishedAt: '2026-01-01T00:00:00.000Z',
    definition: defaultPolicy(calendars),
    ...policy,
  };
}

/** What rules may read: the people, teams, services and categories above. */
export function aContext(
  given: { settings?: Partial<Settings>; agreement?: Partial<Agreement> } & Partial<
    Pick<Context, 'person' | 'ticket' | 'links' | 'people' | 'own'>
  > = {},
): Context {
  const { person, ticket, links, people: grouped, own } = given;
  return {
    slug: 'acme',
    settings: { ...defaultSettings, defaultTeamId: teams.desk, ...given.settings },
    agreement: anAgreement(given.agreement),
    suspension: { isSuspended: false, resumedAt: null },
    person: person ?? ((id) => knownPeople.find((one) => one.id === id)),
    team: (id) => knownTeams.find((one) => one.id === id),
    service: (id) => knownServices.find((one) => one.id === id),
    category: (id) => knownCategories.find((one) => one.id === id),
    ticket: ticket ?? (() => undefined),
    links: links ?? (() => []),
    people: grouped ?? (() => []),
    own: own ?? (() => undefined),
  };
}

export const knownPeople: readonly Person[] = Object.values(people).map(({ id, name, role }) => ({
  id,
  name,
  email: `${id}@acme.example`,
  role,
  isActive: id !== people.retired.id,
  managerId: null,
}));
const knownTeams: readonly Team[] = [
  { id: teams.desk, name: 'Service desk', leadId: people.colleague.id, isActive: true },
  { id: teams.network, name: 'Network', leadId: null, isActive: true },
  { id: teams.dissolved, name: 'Fax', leadId: null, isActive: false },
];
const knownServices: readonly Service[] = [
  { id: services.mail, name: 'Mail', teamId: teams.network, isConfidential: false, isActive: true },
  { id: services.orphan, name: 'Intranet', teamId: null, isConfidential: false, isActive: true },
  {
    id: services.ended,
    name: 'Fax',
    teamId: teams.network,
    isConfidential: false,
    isActive: false,
  },
];
const knownCategories: readonly Category[] = [
  { id: categories.software, name: 'Software', isActive: true },
  { id: categories.hardware, name: 'Hardware', isActive: true },
  { id: categories.ended, name: 'Fax', isActive: false },
];

let facts = 0;

/** A command of the agent, an hour after the opening, unless said otherwise; its cause is its own. */
export function aFact<Input = unknown>(
  name: string,
  input: Input,
  fact: Partial<Omit<Fact, 'name' | 'input'>> = {},
): Fact<Input> {
  facts += 1;
  return {
    cause: `fact-${facts}`,
    actor: people.agent,
    via: 'api',
    occurredAt: later({ hours: 1 }),
    ...fact,
    name,
    input,
  };
}

/** Time passes until `at`. */
export function until(at: Instant): Fact {
  return aFact(kernelFacts.due, {}, { actor: holdfast, via: 'engine', occurredAt: at });
}

export function anOpening(opening: Partial<Opening> = {}): Opening {
  return {
    title: 'Mail does not leave the outbox',
    description: 'Since 9:10 nothing is sent.',
    impact: 'medium',
    urgency: 'medium',
    serviceId: null,
    categoryId: null,
    channel: 'portal',
    ...opening,
  };
}

/** An incident as it was opened by the requester on Monday at nine: new, P3, with both clocks running. */
export function anIncident(
  fields: Partial<Omit<Ticket, 'details'>> & { details?: Partial<IncidentDetails> } = {},
): Ticket<IncidentDetails> {
  const { details, ...others } = fields;
  const { ticket } = opened(
    aFact('opened', anOpening(), { actor: people.requester, occurredAt: monday }),
  );
  return { ...ticket, number: 'INC0000042', ...others, details: { ...freshIncident, ...details } };
}

/** What the fact `opened` makes of nothing. */
export function opened(
  fact: Fact<Opening>,
  context: Context = aContext(),
  process: Process = incidentProcess,
): Happening {
  const blank = unopened(process, uuid(61), uuid(62), fact);
  return decide(process, blank, fact, declared(context, process.rules.needs(undefined, fact)));
}

/** The incident process as the kernel holds it. */
export const incidentProcess: Process = processOf('incident');

export function processOf(type: string): Process {
  const found = processes.find(({ declaration }) => declaration.type === type);
  if (!found) throw new Error(`No process ${type}`);
  return found;
}

/** What became of a ticket and everything that happened on the way. */
export interface Told {
  readonly ticket: Ticket;
  readonly happenings: readonly Happening[];
}

/** Applies facts in the order given, each after what was due before it; throws what a rule throws. */
export function tell(
  ticket: Ticket,
  told: readonly Fact[],
  context: Context = aContext(),
  process: Process = processOf(ticket.type),
): Told {
  return goOn({ ticket, happenings: [] }, told, context, process);
}

/** The same after what was told before. */
export function goOn(
  so: Told,
  told: readonly Fact[],
  context: Context = aContext(),
  process: Process = processOf(so.ticket.type),
): Told {
  return told.reduce<Told>((one, fact) => turn(process, one, fact, context), so);
}

function turn(process: Process, before: Told, fact: Fact, context: Context): Told {
  let so = before;
  for (let handled = 0; handled <= 1_000; handled += 1) {
    const [entry] = dueEntries(so.ticket.agenda, fact.occurredAt);
    if (!entry) return fact.name === kernelFacts.due ? so : happen(process, so, fact, context);
    so = happen(process, so, factOfEntry(entry, fact), context);
  }
  throw new Error('The agenda does not come to an end');
}

function happen(process: Process, told: Told, fact: Fact, context: Context): Told {
  const { ticket, happenings } = told;
  const needs = [...process.rules.needs(ticket, fact), ...ofLadder(ticket, fact, context)];
  const heard = declared(context, needs);
  const spoken = speak(process, ticket, fact, heard);
  const by = (past?: Timeline) =>
    concluded(process, spoken, { fact, context: heard, ground: bareGround, past });
  const first = by();
  // Only what was told from the opening on has a past.
  const isWhole = happenings[0]?.fact.name === 'opened';
  const happening =
    isWhole && beginsLate(first) ? by(timelineOf(process, ticket, linesOf(told))) : first;
  return { ticket: happening.ticket, happenings: [...happenings, happening] };
}

function linesOf({ happenings }: Told) {
  return happenings.flatMap(({ events }) => events);
}

/** The kernel loads the teams that a step may give the ticket to. */
function ofLadder(ticket: Ticket, { name }: Fact, { agreement }: Context): Need[] {
  const ids = isClockEntry(name) ? teamsOf(ticket, name, agreement) : [];
  return ids.map((id) => ({ kind: 'team', id }));
}

/** As in the kernel, reading what was not declared is a bug. */
function declared(context: Context, needs: readonly (Need | OwnNeed)[]): Context {
  const only =
    <T>(kind: Need['kind'], read: (id: string) => T) =>
    (id: string) => {
      if (needs.some((need) => need.kind === kind && need.id === id)) return read(id);
      throw new Error(`A rule reads ${kind} ${id} without declaring it`);
    };
  return {
    ...context,
    person: only('person', (id) => context.person(id)),
    team: only('team', (id) => context.team(id)),
    service: only('service', (id) => context.service(id)),
    category: only('category', (id) => context.category(id)),
    ticket: only('ticket', (id) => context.ticket(id)),
    people: (kind, id) => only(kind, () => context.people(kind, id))(id),
  };
}

/** The refusal that an attempt meets; an Error when it meets none, and any other error as it is. */
export function refusalOf(attempt: () => unknown): Refusal {
  try {
    attempt();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
}

/** What comes back of a value that was stored as JSON. */
export function stored<T>(value: T): T {
  return z.custom<T>().parse(JSON.parse(JSON.stringify(value)));
}

/** Types of all events, in order. */
export function eventsOf({ happenings }: Told): string[] {
  return happenings.flatMap(({ events }) => events.map(({ type }) => type));
}

/** Who was told what, in order: `['assignee', 'slaWarning']`. */
export function noticesOf({ happenings }: Told): [Notice['to'], string][] {
  return happenings.flatMap(({ owed }) =>
    owed.notices.map(({ to, notice }): [Notice['to'], string] => [to, notice]),
  );
}

/** The path to each state by legal commands, minutes after the opening, so that clocks and agenda agree. */
const paths = {
  new: [],
  assigned: [['assign', { assigneeId: people.agent.id }]],
  inProgress: [['start', {}]],
  onHold: [
    ['start', {}],
    ['hold', { reason: 'vendor' }],
  ],
  resolved: [
    ['start', {}],
    ['resolve', { code: 'solved', notes: 'Queue restarted.' }],
  ],
  closed: [
    ['start', {}],
    ['resolve', { code: 'solved', notes: 'Queue restarted.' }],
    ['close', {}],
  ],
  cancelled: [['cancel', { reason: 'Sent twice.' }]],
} as const;

export type IncidentState = keyof typeof paths;

/** An incident that came to a state by legal commands within the first minutes. */
export function anIncidentIn(state: IncidentState): Ticket {
  const told = paths[state].map(([name, input], k) =>
    aFact(name, input, { occurredAt: later({ minutes: k + 1 }) }),
  );
  return tell(anIncident(), told).ticket;
}
