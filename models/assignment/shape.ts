/** How a team shares out its tickets, and what is known when one of them is to be given to somebody. */
import { z } from 'zod';
import type { Instant } from '../instant';
import type { Calendar } from '../sla/calendar';
import type { Priority } from '../tickets/ticket';

/** `manual`: somebody takes it, or gives it to somebody. */
export const strategies = ['manual', 'roundRobin', 'leastLoaded'] as const;

/** As it is stored with the team, and sent by administrators. */
export const TeamAssignment = z.strictObject({
  strategy: z.enum(strategies),
  bySkills: z
    .boolean()
    .exactOptional()
    .describe('Only members who have all skills that the assignment rule names.'),
  inWorkingHours: z
    .boolean()
    .exactOptional()
    .describe('Only while the calendar of the team is open; a team without one always works.'),
  sticky: z
    .boolean()
    .exactOptional()
    .describe('Whoever had the last ticket of the requester for the service comes first.'),
});
export type TeamAssignment = z.infer<typeof TeamAssignment>;

/** The team, by whichever strategy but the manual one. */
export interface PickingTeam {
  readonly name: string;
  readonly assignment: Sharing;
  /** When it works; null: always. */
  readonly calendar: Calendar | null;
}

export interface Sharing extends Omit<TeamAssignment, 'strategy'> {
  readonly strategy: Exclude<TeamAssignment['strategy'], 'manual'>;
}

/** How many open tickets somebody has, by priority; those without one under `none`. */
export type OpenTickets = Readonly<Partial<Record<Priority | 'none', number>>>;

/** A member who may work on tickets. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly skills: readonly string[];
  /** Open tickets at once; null: no limit. */
  readonly capacity: number | null;
  /** Somebody acts in their place. */
  readonly isAbsent: boolean;
  readonly open: OpenTickets;
  /** Which of the tickets that the team gave out was their last, counted from 1; null: none yet. */
  readonly lastTurn: number | null;
  /** When that was: for people, never for the order. */
  readonly lastAssignedAt: Instant | null;
}

/** What is asked of a team: who takes this ticket? */
export interface Question {
  readonly priority: Priority | null;
  readonly requiredSkills: readonly string[];
  /** Who had the last ticket of this kind, of whichever team; null: nobody. */
  readonly lastHandlerId: string | null;
  readonly at: Instant;
}

export interface Waiting {
  /** When it is asked again. */
  readonly until: Instant;
  /** For what, as a sentence of the agenda. */
  readonly what: string;
}

export type Picked =
  { readonly assigneeId: string; readonly reason: string } | { readonly waits: Waiting };
