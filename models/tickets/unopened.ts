/** A ticket before its first fact: what was said about it, and nothing of what rules will say. */
import type { Fact } from './fact';
import type { Opening } from './owed';
import type { Process } from './rules';
import type { Ticket } from './ticket';

/** `fact.occurredAt` is when it is opened; throws when nobody opens it and it is for nobody. */
export function unopened(
  process: Process,
  organizationId: string,
  id: string,
  { input, actor, occurredAt }: Fact<Opening>,
): Ticket {
  const openedById = actor.id ?? input.requesterId;
  if (openedById === undefined) throw new Error('A ticket is opened by somebody or for somebody');
  const { declaration, rules } = process;
  return {
    organizationId,
    id,
    type: declaration.type,
    number: '',
    definitionVersion: declaration.version,
    state: declaration.opening.state,
    version: 0,
    revision: 0,
    life: 1,
    title: input.title,
    description: input.description,
    impact: input.impact ?? null,
    urgency: input.urgency ?? null,
    priority: null,
    requesterId: input.requesterId ?? openedById,
    openedById,
    assigneeId: null,
    teamId: null,
    confidentialTeamId: input.confidentialTeamId ?? null,
    serviceId: input.serviceId,
    categoryId: input.categoryId,
    watcherIds: [],
    awaitedIds: [],
    tags: [],
    channel: input.channel,
    openedAt: occurredAt,
    plannedStart: null,
    plannedEnd: null,
    resolvedAt: null,
    answeredAt: null,
    unansweredSince: null,
    closedAt: null,
    updatedAt: occurredAt,
    details: rules.details,
    clocks: [],
    agenda: [],
    work: [],
  };
}
