/** The way that a ticket took through the states of its process, as its feed tells it. */
import { msOf, type Instant } from '../instant';
import type { ProcessDeclaration } from '../../workflows/process';
import type { FactActor } from './fact';

/** A fact that changed the state, or the opening; its lines of the feed as far as the reader sees them. */
export interface Turn {
  readonly at: Instant;
  /** Null for an opening that led to where every ticket begins. */
  readonly change: { readonly from: string; readonly to: string } | null;
  /** Types of its lines, in order; empty when none is for this reader. */
  readonly events: readonly string[];
  readonly actor: Pick<FactActor, 'kind' | 'id' | 'name'>;
}

export interface Step {
  readonly state: string;
  /** What led there, and who; null when the reader may not see that line of the feed. */
  readonly event: string | null;
  readonly actor: Turn['actor'] | null;
  readonly at: Instant;
  /** Null while it is there. */
  readonly until: Instant | null;
  /** Whole seconds, until now for the present state; null where it ended. */
  readonly stayedSeconds: number | null;
}

/** Steps in order of time. `state` is where the ticket is, `turns` are in the order of the feed. */
export function pathOf(
  process: ProcessDeclaration,
  state: string,
  turns: readonly Turn[],
  asOf: Instant,
): Step[] {
  return turns.map((turn, k) => {
    const next = turns[k + 1];
    const until = next?.at ?? null;
    const reached = turn.change?.to ?? next?.change?.from ?? state;
    const isOver = next === undefined && process.states[reached] === 'final';
    return {
      state: reached,
      event: eventOf(process, turn),
      actor: turn.events.length === 0 ? null : turn.actor,
      at: turn.at,
      until,
      stayedSeconds: isOver ? null : secondsBetween(turn.at, until ?? asOf),
    };
  });
}

/** A comment may reopen: of the lines of a fact the one that a command would have left says it best. */
function eventOf({ commands }: ProcessDeclaration, { change, events }: Turn): string | null {
  const told = Object.values(commands).find(
    ({ from, to, event }) =>
      change !== null &&
      from.includes(change.from) &&
      to.includes(change.to) &&
      events.includes(event),
  );
  return told?.event ?? events[0] ?? null;
}

/** What was due before is handled at its own instant, which may lie before that of the line above. */
function secondsBetween(from: Instant, until: Instant): number {
  return Math.max(0, Math.floor((msOf(until) - msOf(from)) / 1000));
}
