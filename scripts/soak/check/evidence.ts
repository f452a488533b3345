/** What the checker looks at: the rows, the record, the logs. Instants are milliseconds since 1970. */
import type { Injected } from '../fault';
import type { Saying } from '../saying';

export interface Person {
  readonly id: string;
  readonly organizationId: string;
}

export interface Clock {
  readonly id: string;
  readonly state: string;
  readonly terms: { readonly targetSeconds: number };
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly pauses: readonly { readonly from: number; readonly to: number | null }[];
  readonly passed: readonly {
    readonly step: string;
    readonly due: number;
    readonly at: number;
    readonly targetSeconds: number;
  }[];
}

export interface TicketRow {
  readonly id: string;
  readonly organizationId: string;
  /** `acme/incident/INC0000042`. */
  readonly name: string;
  readonly title: string;
  readonly state: string;
  readonly version: number;
  readonly isSettled: boolean;
  readonly nextDueAt: number | null;
  readonly requesterId: string;
  readonly assigneeId: string | null;
  readonly teamId: string | null;
  readonly watcherIds: readonly string[];
  readonly clocks: readonly Clock[];
  readonly agenda: readonly { readonly key: string; readonly at: number }[];
  /** It was opened by a rule on another ticket. */
  readonly isBorn: boolean;
}

export interface EventRow {
  readonly ticketId: string;
  readonly version: number;
  readonly cause: string;
  readonly type: string;
  readonly isPublic: boolean;
  readonly actorId: string | null;
  readonly via: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CommentRow {
  readonly ticketId: string;
  readonly body: string;
}

export interface NoticeRow {
  readonly ticketId: string;
  readonly cause: string;
  readonly recipientId: string;
  readonly template: string;
}

export interface RefusalRow {
  readonly ticketId: string;
  readonly cause: string;
  readonly outcome: string;
  readonly name: string;
  readonly code: string;
}

export interface OrganizationRow {
  readonly id: string;
  readonly slug: string;
  readonly autoCloseDays: number;
  readonly managers: readonly string[];
  readonly teams: ReadonlyMap<
    string,
    { readonly lead: string | null; readonly members: readonly string[] }
  >;
}

export interface Rows {
  /** PostgreSQL's, when they were read. */
  readonly now: number;
  readonly tickets: readonly TicketRow[];
  readonly events: readonly EventRow[];
  readonly comments: readonly CommentRow[];
  readonly notices: readonly NoticeRow[];
  readonly refusals: readonly RefusalRow[];
  readonly organizations: readonly OrganizationRow[];
  /** What is still owed to the engine. */
  readonly outbox: readonly {
    readonly ticketId: string;
    readonly id: string;
    readonly detail: string;
  }[];
}

/** A signal that somebody sent to a life without asking the API. */
export interface Signal {
  /** `typed`: without an id. `named`: with an id of the sender's. `owed`: an outbox row says it, too. */
  readonly sort: 'typed' | 'named' | 'owed';
  readonly ticketId: string;
  /** Name of a typed one, cause of the others as the ticket keeps it. */
  readonly token: string;
  /** The engine took it at least once, or the outbox owes it. */
  readonly isTaken: boolean;
  readonly at: number;
}

/** What the workers' logs say. */
export interface Logged {
  readonly repairs: readonly {
    readonly at: number;
    readonly dueAt: number;
    readonly ticketId: string;
  }[];
  readonly known: readonly {
    readonly at: number;
    readonly ticketId: string;
    readonly cause: string;
  }[];
}

export interface Evidence {
  readonly rows: Rows;
  readonly sayings: readonly Saying[];
  readonly signals: readonly Signal[];
  readonly faults: readonly Injected[];
  readonly logged: Logged;
  /** Id of the command that a caller gave under a key. */
  readonly causeOf: (saying: Pick<Saying, 'as' | 'key'>) => string;
}

export interface Finding {
  /** What was to be proved, e.g. `no acknowledged fact is lost`. */
  readonly proof: string;
  readonly ticket: string;
  readonly detail: string;
}

/** By a key, in the order in which they stand. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
