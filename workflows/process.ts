/**
 * What a process is: plain, serialisable data. Routes, validation, OpenAPI, permissions, `allowed`,
 * lists, the feed and the diagram are derived from it; nothing else has to be edited.
 */
import type { StepAction } from '../models/sla/policy/shape';
import type { LinkEffects } from '../models/tickets/links';
import type { Role } from '../models/users/actor';

/** `open`: the life goes on; `final`: it ends as soon as nothing is owed. */
export type StateKind = 'open' | 'final';

export interface CommandDeclaration<State extends string = string> {
  /** States from which it is possible. */
  readonly from: readonly State[];
  /** States to which it may lead; `same` = it leaves the state alone. */
  readonly to: readonly (State | 'same')[];
  /** The least role that may do it anywhere. */
  readonly role: Role;
  /** States in which the ticket's requester may do it whatever their role is. */
  readonly requester?: readonly State[];
  /** Permission name; `<type>:<command>` unless it shares one. */
  readonly permission?: string;
  readonly summary: string;
  /** Type of the event that it leaves. */
  readonly event: string;
}

export interface SignalDeclaration<State extends string = string> {
  readonly summary: string;
  /**
   * Whose it is: an answer of those for whom the ticket waits (also over the API), or a word of other
   * lives. Absent: of whoever reaches the engine.
   */
  readonly by?: 'awaited' | 'lives';
  /** States in which it means something; absent: all. It may come in any; then it is refused. */
  readonly from?: readonly State[];
  /** States to which it may lead; absent: it leaves the state alone. */
  readonly to?: readonly (State | 'same')[];
  /** Permission name of an answer; `<type>:<signal>` unless it shares one. */
  readonly permission?: string;
}

/** What time does to a ticket. */
export interface TimerDeclaration<State extends string = string> {
  readonly summary: string;
  readonly from: readonly State[];
  readonly to: readonly (State | 'same')[];
}

/** When its tickets wait, as conditions: what policies go by unless they say something else. */
export interface SlaDeclaration {
  /** SLA clocks to the resolution stand. */
  readonly customerWhile: string;
  /** The clocks of underpinning contracts run. */
  readonly vendorWhile: string;
  /** The opposite. */
  readonly vendorUnless: string;
  /** What steps of a ladder can do to them. */
  readonly ladder: readonly StepAction['action'][];
}

export interface ProcessDeclaration<State extends string = string> {
  readonly type: string;
  /** Plural, in addresses: /api/v1/{path}. */
  readonly path: string;
  /** Before the number: INC0000042. */
  readonly prefix: string;
  /** For people: 'Incident'. */
  readonly title: string;
  readonly version: number;
  readonly states: Readonly<Record<State, StateKind>>;
  readonly opening: {
    /** In which it is opened. */
    readonly state: State;
    /** The least that may open one. */
    readonly role: Role;
    /** `lives`: other tickets or orders open it, nobody does by a route of its own. Absent: people do. */
    readonly by?: 'lives';
    /** Members of its input that list tickets by id, with their type: whoever opens it must be able to edit those. */
    readonly names?: Readonly<Record<string, string>>;
  };
  readonly commands: Readonly<Record<string, CommandDeclaration<State>>>;
  /** Messages from outside, taken at any time and in any order: votes, callbacks. */
  readonly signals: Readonly<Record<string, SignalDeclaration<State>>>;
  /** By the first part of an agenda entry's key; those that lead to another state. */
  readonly timers?: Readonly<Record<string, TimerDeclaration<State>>>;
  /** What those are called for whose answer it waits: lists filter by that name. Absent: it waits for nobody. */
  readonly awaits?: string;
  /** What people are told: name → the words after the number. */
  readonly notices: Readonly<Record<string, string>>;
  /** What links do to its tickets, by kind. */
  readonly links?: LinkEffects;
  /** What lists are filtered by that only this process has: true while a field of `details` is not null. */
  readonly flags?: Readonly<Record<string, string>>;
  /** The same for ids that stand in `details`, by their path there: `{ item: 'item,id' }`. */
  readonly names?: Readonly<Record<string, string>>;
  /**
   * What conditions of policies can ask about its tickets beside what every ticket has; an array: one of
   * these words.
   */
  readonly facets?: Readonly<Record<string, 'boolean' | 'integer' | readonly string[]>>;
  /** Absent: no policy promises anything for its tickets. */
  readonly sla?: SlaDeclaration;
  /** Agenda entries that wait while the organization is suspended, and happen when it is resumed. */
  readonly waitsWhileSuspended?: readonly string[];
}

/** Checks a declaration's states against each other at compile time and returns it as it is. */
export function defineProcess<
  const State extends string,
  const P extends ProcessDeclaration<State>,
>(declaration: P & { readonly states: Readonly<Record<State, StateKind>> }): P {
  return declaration;
}

/** The permission that a command or an answer needs: `incident:resolve`. */
export function permissionOf(
  { type, commands, signals }: ProcessDeclaration,
  name: string,
): string {
  return commands[name]?.permission ?? signals[name]?.permission ?? `${type}:${name}`;
}

/** Names of the signals by which people answer a ticket that waits for them. */
export function answersOf({ signals }: ProcessDeclaration): string[] {
  return Object.keys(signals).filter((name) => signals[name]?.by === 'awaited');
}

/** Whether a ticket in this state still lives. */
export function isOpenState(process: ProcessDeclaration, state: string): boolean {
  return process.states[state] === 'open';
}

/** Id of a ticket's life in the engine: `acme/incident/INC0000042`. */
export function workflowIdOf(slug: string, type: string, number: string): string {
  return `${slug}/${type}/${number}`;
}
