/** What conditions of policies can ask about a ticket. */
import { operatorsOf, type ConditionField, type ConditionFields } from '../filter/field';
import { roles } from '../users/actor';
import type { ProcessDeclaration } from '../../workflows/process';
import { channels, levels, priorities } from './ticket';

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
