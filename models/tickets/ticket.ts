/** A ticket as rules see it: plain, serialisable, complete. The row in `tickets` is the same thing at rest. */
import type { Instant } from '../instant';
import type { Clock } from '../sla/clock';
import type { Level, Priority } from './levels';

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Something that will happen by itself. `n` is the version that added it: re-added means a new one. */
export interface AgendaEntry {
  readonly key: string;
  readonly at: Instant;
  readonly n: number;
  /** What will happen, for people. */
  readonly what: string;
}

/** How often and how patiently a piece of work is tried. */
export interface Patience {
  readonly attempts: number;
  readonly firstDelaySeconds: number;
  readonly longestDelaySeconds: number;
  /** Bound of one attempt. */
  readonly attemptSeconds: number;
}

/** A side effect that the ticket owes: a named activity, run until it has a result or is given up. */
export interface Work {
  readonly key: string;
  readonly n: number;
  readonly activity: string;
  readonly input: Json;
  readonly patience: Patience;
  /** Attempts begun so far; counted in the row, so that they survive every life. */
  readonly attempts: number;
  /** When the result is here at the latest; the watchdog looks after that. */
  readonly expectedBy: Instant;
}

export interface Ticket<Details = Readonly<Record<string, unknown>>> {
  readonly organizationId: string;
  readonly id: string;
  readonly type: string;
  /** Empty until the ticket is stored: numbers are taken last. */
  readonly number: string;
  readonly definitionVersion: number;
  readonly state: string;
  readonly version: number;
  readonly revision: number;
  readonly life: number;
  readonly title: string;
  readonly description: string;
  readonly impact: Level | null;
  readonly urgency: Level | null;
  readonly priority: Priority | null;
  readonly requesterId: string;
  readonly openedById: string;
  readonly assigneeId: string | null;
  readonly teamId: string | null;
  /** Only this team sees it (docs/adr/0016-confidential.md); null: it is as open as every other. */
  readonly confidentialTeamId: string | null;
  readonly serviceId: string | null;
  readonly categoryId: string | null;
  readonly watcherIds: readonly string[];
  /** People whose answer it waits for; they may see it. */
  readonly awaitedIds: readonly string[];
  /** In small letters and in the order of the alphabet. */
  readonly tags: readonly string[];
  readonly channel: Channel;
  readonly openedAt: Instant;
  /** When its work is to begin and to be done, for types that are planned. */
  readonly plannedStart: Instant | null;
  readonly plannedEnd: Instant | null;
  readonly resolvedAt: Instant | null;
  /** The first answer to the requester that an agent gave, public. */
  readonly answeredAt: Instant | null;
  /** Since when the requester waits for an answer to what they wrote after opening it. */
  readonly unansweredSince: Instant | null;
  readonly closedAt: Instant | null;
  readonly updatedAt: Instant;
  /** What only this process has. */
  readonly details: Details;
  readonly clocks: readonly Clock[];
  readonly agenda: readonly AgendaEntry[];
  readonly work: readonly Work[];
}

export { levels, priorities, type Level, type Priority } from './levels';

/** `import`: brought over from another system; its life gives way to those of people. */
export const channels = [
  'portal',
  'phone',
  'email',
  'chat',
  'walkIn',
  'monitoring',
  'api',
  'import',
] as const;
export type Channel = (typeof channels)[number];
