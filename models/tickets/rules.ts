/**
 * Types of a process's rules: pure functions `(ticket, fact, context) -> Next`, one for each command
 * and fact. They read no clock, no chance and no database; what they need is declared and handed in.
 */
import { z } from 'zod';
import type { Tx } from '../database';
import type { Settings } from '../organizations/settings';
import type { Agreement } from '../sla/agreement';
import type { Instant } from '../instant';
import type { Role } from '../users/actor';
import type { ProcessDeclaration } from '../../workflows/process';
import type { Fact } from './fact';
import type { LinkInput } from './linking';
import type { Linked } from './links';
import type { Facets } from './changes';
import type { Next } from './next';
import type { Opening } from './owed';
import type { Suspension } from './suspension';
import type { AgendaEntry, Json, Ticket } from './ticket';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly managerId: string | null;
  /** Who acts in their place at this moment; absent or null: they are there themselves. */
  readonly substitute?: (Pick<Person, 'id' | 'role'> & Partial<Pick<Person, 'email'>>) | null;
}
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly leadId: string | null;
  readonly isActive: boolean;
}
export interface Service {
  readonly id: string;
  readonly name: string;
  readonly teamId: string | null;
  /** What is opened for it, or moved to it, is seen by its team only. */
  readonly isConfidential: boolean;
  readonly isActive: boolean;
}
export interface Category {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
}

/** Another ticket, as far as a rule about it has to know it. */
export interface Subject {
  readonly id: string;
  readonly type: string;
  readonly number: string;
  readonly title: string;
  readonly requesterId: string;
  readonly serviceId: string | null;
  readonly isOpen: boolean;
}

/**
 * People by what they are to something: members of a team, holders of a role (its id, or the name of a
 * protected one), the manager of a person, the owner of a service, the members of a board. Only those who
 * are active.
 */
export const groupKinds = ['membersOf', 'holdersOf', 'managerOf', 'ownerOf', 'boardOf'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** One thing a rule wants to read. */
export interface Need {
  readonly kind: 'person' | 'team' | 'service' | 'category' | 'ticket' | 'links' | GroupKind;
  readonly id: string;
}

/** Something that only this process reads, by its own loader; `about` is what the loader has to know. */
export interface OwnNeed {
  readonly kind: 'own';
  readonly id: string;
  readonly about: Json;
}

/** Reads what a need of its own is about, in the transaction of the fact. */
export type Loader = (tx: Tx, about: Json) => Promise<unknown>;

/** What every rule may read of its organization. */
export interface Terms {
  readonly slug: string;
  readonly settings: Settings;
  readonly agreement: Agreement;
  readonly suspension: Suspension;
}

/** What the kernel loaded. Asking for something that was not declared is a bug and throws. */
export interface Context extends Terms {
  person(id: string): Person | undefined;
  team(id: string): Team | undefined;
  service(id: string): Service | undefined;
  category(id: string): Category | undefined;
  ticket(id: string): Subject | undefined;
  /** What a ticket is linked to, as that one reads it. */
  links(id: string): readonly Linked[];
  people(kind: GroupKind, id: string): readonly Person[];
  /** What the process's own loader of this name found. */
  own(id: string): unknown;
}

/**
 * Written as a method so that rules with a narrower input fit where any rule is held: the kernel parses
 * an input with the process's schema before it hands it to the rule.
 */
interface RuleMethod<Details, Input> {
  apply(ticket: Ticket<Details>, fact: Fact<Input>, context: Context): Next<Details>;
}
export type Rule<Details, Input> = RuleMethod<Details, Input>['apply'];

interface LadderMoveMethod<Details, More extends unknown[]> {
  move(so: Next<Details>, at: Instant, ...more: More): Next<Details>;
}
/** A method's type, so that rules of a process fit where any are held. */
type LadderMove<Details, More extends unknown[] = []> = LadderMoveMethod<Details, More>['move'];

/** How SLA clocks look at a process's tickets, and what their ladders do to them. */
export interface SlaRules<Details = Readonly<Record<string, unknown>>> {
  /** By the names that the declaration has under `facets`. */
  facets(details: Details): Facets;
  /** When somebody said that they have seen the present escalation. */
  acknowledgedAt(details: Details): Instant | null;
  levelOf(details: Details): number;
  /** Since when it waits for the requester. */
  waitingSince(details: Details): Instant | null;
  /** Those that the declaration offers; telling people is the kernel's. */
  readonly ladder: {
    /** The team is one that works. */
    readonly reassign?: LadderMove<Details, [teamId: string]>;
    readonly escalate?: LadderMove<Details>;
    readonly declareMajor?: LadderMove<Details>;
    /** Once a ticket. */
    readonly raisePriority?: LadderMove<Details>;
  };
  /** It has waited for the requester for as long as it may. */
  givenUp(
    so: Next<Details>,
    when: Pick<Fact, 'cause' | 'occurredAt'>,
    context: Context,
  ): Next<Details>;
}

/** Whom a ticket goes to by rules, and why: "least loaded of 4: 2 open against 3, 5, 7". */
export interface Given {
  readonly teamId: string | null;
  readonly assigneeId: string | null;
  readonly reason: string | null;
  /** Name of the rule of assignment that gave the team. */
  readonly rule: string | null;
}

interface TakingMethod<Details> {
  take(so: Next<Details>, given: Given, at: Instant): Next<Details>;
}
type Taking<Details> = TakingMethod<Details>['take'];

/** What became of a piece of work; `result` when it was done, `error` when it was given up. */
export const WorkResult = z.object({
  key: z.string(),
  n: z.number().int(),
  attempts: z.number().int().optional(),
  result: z.json().optional(),
  error: z.string().optional(),
});
export type WorkResult = z.infer<typeof WorkResult>;

/** zod schemas of everything that comes from outside. */
export interface Inputs<P extends ProcessDeclaration = ProcessDeclaration> {
  readonly open: z.ZodType<Opening>;
  readonly commands: { readonly [C in keyof P['commands']]: z.ZodType };
  readonly signals: { readonly [S in keyof P['signals']]: z.ZodType };
}

/** One rule a command, a signal and a fact of the row's door; a missing one does not compile. */
export interface RuleBook<Details, P extends ProcessDeclaration, I extends Inputs<P>> {
  /** What the rule of this fact will read; `ticket` is undefined for the opening. */
  needs(ticket: Ticket<Details> | undefined, fact: Fact): readonly (Need | OwnNeed)[];
  /** Advisory locks to take before the ticket is locked, from the fact alone; usually none. */
  locks?(fact: Fact): readonly string[];
  opened: Rule<Details, z.infer<I['open']>>;
  readonly details: Details;
  readonly commands: {
    readonly [C in keyof P['commands']]: Rule<Details, z.infer<I['commands'][C]>>;
  };
  readonly signals: {
    readonly [S in keyof P['signals']]: Rule<Details, z.infer<I['signals'][S]>>;
  };
  readonly commented: Rule<Details, { body: string; isPublic: boolean }>;
  /** Somebody has left, who may not have it any more when this comes. Leaves a line in the feed in any case. */
  readonly released: Rule<Details, { userId: string }>;
  /** Whether whoever opened it named its team: then rules of assignment share it within that one. */
  namesTeam?(ticket: Ticket<Details>): boolean;
  /** Rules of assignment have found a team or a person for it. Absent: it is given by hand only. */
  readonly given?: Taking<Details>;
  /** What a new link means to it, from whichever end it was made; absent: no more than its line. */
  readonly linked?: Rule<Details, LinkInput>;
  /** Of a process that declares `sla`. */
  readonly sla?: SlaRules<Details>;
  /** By the first part of an agenda entry's key: `remind` takes `remind.2`; `sla` and `wait` are the kernel's. */
  readonly agenda: Readonly<Record<string, Rule<Details, AgendaEntry>>>;
  /** By the first part of the key of the work: `task` takes `task.laptop`; legal in every state. */
  readonly results: Readonly<
    Record<string, { done: Rule<Details, WorkResult>; failed: Rule<Details, WorkResult> }>
  >;
}

/** A process as the kernel holds it: one entry of the registry. */
export interface Process<
  Details = Readonly<Record<string, unknown>>,
  P extends ProcessDeclaration = ProcessDeclaration,
  I extends Inputs<P> = Inputs<P>,
> {
  readonly declaration: P;
  readonly inputs: I;
  readonly rules: RuleBook<Details, P, I>;
  /** Shape of `details`, for OpenAPI. */
  readonly details: z.ZodObject;
  /** By the id of a need of its own. */
  readonly loaders?: Readonly<Record<string, Loader>>;
  /** What those see who do not read internal notes; absent: all of it. */
  outside?(details: Details): Details;
  /** What somebody has before their eyes who answers: it travels with the answer, as `seen`. */
  seenBy?(details: Details): string;
  /** Brings stored details of an earlier definition to the present one: adds to them, removes nothing. */
  upcast?(details: Readonly<Record<string, unknown>>, fromVersion: number): Details;
}

/** What the kernel is handed by whoever composes a program. */
export interface Kernel {
  /** The process of a ticket type; throws for an unknown one. */
  processOf(type: string): Process;
}
