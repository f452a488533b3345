/**
 * What travels between the service and a life. A wire format: fields are only added, an absent one
 * means today's behaviour, a meaning never changes; old histories are replayed by new code.
 */
import type { Fact, FactActor, Outcome } from '../../models/tickets/fact';

/** The argument of every life. */
export interface Life {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly type: string;
  /** Fence: a ticket obeys the life with the highest number. */
  readonly life: number;
  readonly view: View;
  /** Facts that travel along when a run continues as new. */
  readonly queued?: readonly FactMessage[];
  /** Events after which a run continues as new: when it is quiet, and in any case. */
  readonly limits?: { readonly quiet: number; readonly forced: number };
}

/** What a life has to know of its ticket; the rest stays in the row. */
export interface View {
  readonly revision: number;
  readonly nextDueAt: string | null;
  /** What will happen then: the timer's summary in the Web UI. */
  readonly nextWhat?: string;
  readonly work: readonly WorkOrder[];
  readonly settled: boolean;
  /** Markdown for the Web UI: state, owner, clocks, what it waits for, what comes next. */
  readonly shown: string;
  readonly search: Readonly<Record<string, string | null>>;
}

export interface WorkOrder {
  readonly key: string;
  readonly n: number;
  readonly activity: string;
  readonly attempts: number;
  readonly firstDelaySeconds: number;
  readonly longestDelaySeconds: number;
  readonly attemptSeconds: number;
}

/** A fact on its way to a step; what a hand-made signal leaves out, the step fills in. */
export interface FactMessage {
  readonly ticketId?: string;
  readonly cause?: string;
  readonly name: string;
  readonly input?: unknown;
  readonly actor?: FactActor;
  readonly via: Fact['via'];
  readonly occurredAt?: string;
  readonly requestId?: string;
  readonly ifMatch?: number;
  readonly seen?: string;
}

/** The argument of the update `command`; sent by the API only. */
export interface Command {
  readonly ticketId: string;
  /** Command id: the identity of the fact. */
  readonly cause: string;
  readonly name: string;
  readonly input: unknown;
  readonly actor: FactActor;
  /** When the API received it first, by PostgreSQL's clock. */
  readonly receivedAt: string;
  readonly requestId?: string;
  readonly ifMatch?: number;
}

export interface StepRequest {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly type: string;
  readonly life: number;
  readonly fact: FactMessage;
}

export interface StepAnswer {
  readonly outcome: Outcome;
  /** Absent when the ticket is gone. */
  readonly view?: View;
}

export interface WorkRequest {
  readonly organizationId: string;
  readonly ticketId: string;
  readonly type: string;
  readonly key: string;
  readonly n: number;
}

/** What became of a piece of work, as the input of the fact that follows. */
export interface WorkAnswer {
  readonly done: boolean;
  readonly attempts: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The activities that a life calls. */
export interface LifeActivities {
  step(request: StepRequest): Promise<StepAnswer>;
  perform(request: WorkRequest): Promise<WorkAnswer>;
}
