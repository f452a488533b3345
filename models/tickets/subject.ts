/** What conditions of policies can ask about a ticket, and what they find. */
import type { Subject } from '../filter/holds';
import { operatorsOf, type ConditionField, type ConditionFields } from '../filter/field';
import { roles } from '../users/actor';
import type { ProcessDeclaration } from '../../workflows/process';
import type { Watched } from './changes';
import { channels, levels, priorities, type Channel } from './ticket';

/** What stands around a ticket that conditions ask for; null: it has none, or nobody asks. */
export interface Ground {
  readonly requester: {
    readonly isVip: boolean;
    readonly role: string;
    readonly department: string | null;
    readonly locationId: string | null;
  } | null;
  readonly service: {
    readonly criticality: string | null;
    readonly teamId: string | null;
    readonly calendarId: string | null;
  } | null;
  readonly team: { readonly calendarId: string | null } | null;
}

export const bareGround: Ground = { requester: null, service: null, team: null };

/** A ticket as conditions look at it. */
export function subjectOf(watched: Watched, channel: Channel, ground: Ground): Subject {
  return {
    ...watched,
    ...ofRequester(ground),
    ...ofService(ground),
    channel,
    requester: watched.requesterId,
    assignee: watched.assigneeId,
    team: watched.teamId,
    service: watched.serviceId,
    category: watched.categoryId,
    isConfidential: watched.confidentialTeamId !== null,
    isResolved: watched.resolvedAt !== null,
    isAnswered: watched.answeredAt !== null,
    awaitsReply: watched.unansweredSince !== null,
  };
}

function ofRequester({ requester }: Ground): Subject {
  return {
    'requester.isVip': requester?.isVip ?? false,
    'requester.role': requester?.role ?? null,
    'requester.department': requester?.department ?? null,
    location: requester?.locationId ?? null,
  };
}

function ofService({ service }: Ground): Subject {
  return {
    'service.criticality': service?.criticality ?? null,
    'service.team': service?.teamId ?? null,
  };
}

const known = new WeakMap<ProcessDeclaration, ConditionFields>();

/**
 * Fields of a ticket of this type, of its requester and its service, and the process's own facets. The same
 * map for the same process.
 */
export function conditionFields(process: ProcessDeclaration): ConditionFields {
  const made = known.get(process);
  if (made !== undefined) return made;
  const fields = new Map([
    ...Object.entries(ofEvery(process)),
    ...Object.entries(process.facets ?? {}).map(([name, kind]) => [name, facet(kind)] as const),
  ]);
  known.set(process, fields);
  return fields;
}

function ofEvery({ states }: ProcessDeclaration): Readonly<Record<string, ConditionField>> {
  return {
    state: oneOf(Object.keys(states)),
    priority: orNull(inOrder(priorities)),
    impact: orNull(oneOf(levels)),
    urgency: orNull(oneOf(levels)),
    channel: oneOf(channels),
    requester: reference,
    assignee: orNull(reference),
    team: orNull(reference),
    service: orNull(reference),
    category: orNull(reference),
    isConfidential: boolean,
    isResolved: boolean,
    isAnswered: boolean,
    awaitsReply: boolean,
    'requester.isVip': boolean,
    'requester.role': inOrder(roles),
    'requester.department': orNull(field({ type: 'text' })),
    location: orNull(reference),
    'service.criticality': orNull(oneOf(levels)),
    'service.team': orNull(reference),
  };
}

/** Details may not have it yet: any may be null. */
function facet(kind: 'boolean' | 'integer' | readonly string[]): ConditionField {
  return orNull(typeof kind === 'string' ? field({ type: kind }) : oneOf(kind));
}

const reference: ConditionField = { ...field({ type: 'reference' }), isIdOnly: true };
const boolean = field({ type: 'boolean' });

function oneOf(values: readonly string[]): ConditionField {
  return { ...field({ type: 'enum' }), values };
}

/** Each includes the ones before it: at most P2, at least manager. */
function inOrder(values: readonly string[]): ConditionField {
  return { ...field({ type: 'enum', ordered: true }), values };
}

function field(is: Pick<ConditionField, 'type'> & { readonly ordered?: boolean }): ConditionField {
  return {
    type: is.type,
    values: [],
    nullable: false,
    operators: operatorsOf({ ...is, nullable: false }),
  };
}

function orNull(one: ConditionField): ConditionField {
  return { ...one, nullable: true, operators: [...one.operators, 'isnull'] };
}
