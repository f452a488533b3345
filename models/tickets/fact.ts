/** A fact: the only way in which a ticket changes, and what became of it. */
import type { ErrorCode } from '../errors';
import type { Instant } from '../instant';
import type { Role } from '../users/actor';

/** Who did it: a person, or Holdfast itself. */
export interface FactActor {
  readonly kind: 'person' | 'system';
  readonly id: string | null;
  readonly name: string;
  readonly role: Role | null;
  /** Rights beside the role, and the bounds of a token, when the fact was received; see Rights. */
  readonly granted?: readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** People in whose place they acted when the fact was received. */
  readonly standsFor?: readonly string[] | undefined;
}

export const holdfast: FactActor = { kind: 'system', id: null, name: 'Holdfast', role: null };

/** By which door a fact came. */
export type Via = 'api' | 'signal' | 'engine' | 'rule' | 'operations';

export interface Fact<Input = unknown> {
  /** Its identity: a fact whose cause is known is not applied again. */
  readonly cause: string;
  readonly name: string;
  readonly input: Input;
  readonly actor: FactActor;
  readonly via: Via;
  readonly occurredAt: Instant;
  readonly requestId?: string | undefined;
  /** Of what fell due: up to when everything is due by now. */
  readonly asOf?: Instant;
  /** The revision that the caller saw; another present one refuses the fact. */
  readonly ifMatch?: number | undefined;
  /** Of an answer: what the sender had before their eyes, see Process. Absent: nobody knows. */
  readonly seen?: string | undefined;
}

/** Names of facts that belong to every process. */
export const kernelFacts = {
  /** Time has come: handle what is on the agenda up to `occurredAt`. */
  due: 'due',
  /** Take up what the row says; changes nothing. */
  look: 'look',
  /** What is promised was changed for open tickets, too: clocks take it up. */
  agreed: 'agreed',
  workDone: 'workDone',
  workFailed: 'workFailed',
} as const;

/** What became of a fact. The same for every caller who asks again. */
export type Outcome =
  | { readonly kind: 'applied'; readonly version: number }
  /** Nothing was due, nothing to do. */
  | { readonly kind: 'unchanged'; readonly version: number }
  | Denied
  /** The ticket is no longer there. */
  | { readonly kind: 'gone' }
  /** Another life owns this ticket now. */
  | { readonly kind: 'superseded' };

export interface Denied {
  readonly kind: 'refused' | 'failed';
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}
