/** What rules of a problem read. */
import type { Beside } from '../../models/problems/beside';
import type { Fact } from '../../models/tickets/fact';
import { membersOf, namedNeeds } from '../../models/tickets/named';
import type { Context, Need, OwnNeed } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { ProblemDetails } from './details';

type Problem = Ticket<ProblemDetails>;

/** Facts that look at what it is linked to. */
const looking: ReadonlySet<string> = new Set(['publishWorkaround', 'linkedEnded']);

export function needs(ticket: Problem | undefined, fact: Fact): readonly (Need | OwnNeed)[] {
  const { name, actor } = fact;
  const given = membersOf(fact);
  const named = namedNeeds([
    ['links', looking.has(name) ? ticket?.id : undefined],
    ['person', ticket ? given['assigneeId'] : (given['requesterId'] ?? actor.id)],
    ['team', given['teamId']],
    ['service', given['serviceId']],
    ['category', given['categoryId']],
  ]);
  const ids = idsBeside(given);
  return ids.length === 0 ? named : [...named, { kind: 'own', id: 'beside', about: ids }];
}

/** Tickets that a fact names: those that it is opened from, one that is linked, closed, or shows it again. */
function idsBeside({ fromIncidentIds, ticketId }: Record<string, unknown>): string[] {
  const all: unknown[] = Array.isArray(fromIncidentIds) ? fromIncidentIds : [ticketId];
  return all.filter((id) => typeof id === 'string');
}

/** One that the fact names, if it is there. */
export function besideOf(id: string, context: Context): Beside | undefined {
  return ((context.own('beside') ?? []) as readonly Beside[]).find((one) => one.id === id);
}
