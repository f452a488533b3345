/** What an SLA policy is: plain JSON that administrators edit. A published version is never edited. */
import type { Priority } from '../../tickets/levels';

export const metrics = ['firstResponse', 'nextResponse', 'resolution'] as const;
export type Metric = (typeof metrics)[number];

/** SLA: to the customer. OLA: runs while a team owns the ticket. UC: runs only while held for the vendor. */
export const clockKinds = ['SLA', 'OLA', 'UC'] as const;
export type ClockKind = (typeof clockKinds)[number];

/** The first rule that holds for a ticket says what it is promised; none: nothing. */
export interface PolicyDefinition {
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  /** Unique in the policy. */
  readonly name: string;
  /** In the filter language, e.g. `priority=le=P2;requester.isVip==true`. Absent: every ticket. */
  readonly when?: string;
  readonly targets: readonly Target[];
  /** What happens while it waits for the customer. */
  readonly waiting?: CustomerWait;
}

/** Each is a condition over the ticket; absent: that of its kind and metric (policy/phase.ts). */
export interface TargetConditions {
  /** From when on it is promised. */
  readonly startWhen?: string;
  readonly pauseWhile?: string;
  readonly stopWhen?: string;
}

export interface Target extends TargetConditions {
  /** Id of its clock; unique in the rule. The same id in another rule is the same clock on other terms. */
  readonly id: string;
  readonly kind: ClockKind;
  readonly metric: Metric;
  /** Working seconds; what has none by its priority, or in its facet, is promised nothing. */
  readonly targetSeconds: number | Readonly<Partial<Record<Priority, number>>> | FacetSeconds;
  readonly calendar: CalendarChoice;
  /** OLA: of this team only. Absent: each team that owns the ticket has a clock of its own. */
  readonly teamId?: string;
  /** Whether it counts from the opening of the ticket (default), or from when it was first promised. */
  readonly counts?: 'fromOpening' | 'fromPromise';
  /** On other terms: from the start again (default), or from the instant of the change. */
  readonly onChange?: 'keepElapsed' | 'restart';
  /** Absent: warning at 75 %, breach, escalation at 150 %. */
  readonly ladder?: readonly Step[];
}

/** What the ticket itself says under this facet, an integer: `{ facet: 'deliverySeconds' }`. */
export interface FacetSeconds {
  readonly facet: string;
}

/** A calendar, or that of the ticket's service or team where it has one. */
export interface CalendarChoice {
  readonly of?: 'service' | 'team';
  readonly calendarId: string;
}

/** When a step is due: per cent of the target, or working or real seconds after the deadline (before: negative). */
export type StepTime =
  { readonly percent: number } | { readonly workingSeconds: number } | { readonly seconds: number };

export interface Step {
  /** Unique in the ladder: lower-case words with dashes, or a number. Part of the agenda entry's key. */
  readonly key: string;
  /** Absent: taken only when another step names it as `otherwise`. */
  readonly at?: StepTime;
  readonly actions: readonly StepAction[];
  /** Again until somebody acknowledges. */
  readonly repeat?: Repeat;
}

export interface Repeat {
  readonly everyMinutes: number;
  readonly times: number;
  /** The step that is taken when nobody has acknowledged after the last time. Absent: one level higher. */
  readonly otherwise?: string;
}

/** `holder`: the assignee, else the team, else the managers. */
export const stepRecipients = [
  'holder',
  'assignee',
  'team',
  'teamLead',
  'requesterManager',
  'serviceOwner',
  'managers',
] as const;
export type StepRecipient = (typeof stepRecipients)[number] | { readonly userId: string };

export type StepAction =
  | { readonly action: 'notify'; readonly to: readonly StepRecipient[] }
  | { readonly action: 'reassign'; readonly teamId: string }
  | { readonly action: 'escalate' }
  | { readonly action: 'declareMajor' }
  /** Once a ticket. */
  | { readonly action: 'raisePriority' };

export interface CustomerWait {
  /** Hours of real time after it began to wait. */
  readonly remindAfterHours: readonly number[];
  /** Days of real time after which it is resolved; absent: never by itself. */
  readonly resolveAfterDays?: number;
}
