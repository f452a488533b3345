/** What a definition names, that must be there and be of use. */
import type { z } from 'zod';
import type { InputIssue } from '../../errors';
import type { ItemDefinition } from '../shape';

/** What a plan may run by itself. */
export interface KnownActivity {
  readonly name: string;
  readonly input: z.ZodType;
}

export type Activities = (name: string) => KnownActivity | undefined;

export const namedKinds = ['service', 'team', 'person', 'board', 'role'] as const;
export type NamedKind = (typeof namedKinds)[number];

/** What there is: ids of those that are active. */
export interface CatalogGround {
  readonly known: Readonly<Record<NamedKind, ReadonlySet<string>>>;
  readonly activities: Activities;
}

/** Ids that a definition names, by kind. Those that are no ids are not among them. */
export function namedIn(definition: ItemDefinition): Readonly<Record<NamedKind, string[]>> {
  const { serviceId, teamId, approval, fulfilment } = definition;
  const approvers = (approval?.stages ?? []).flat().flatMap((round) => round.approvers);
  const ofKind = (kind: string) =>
    approvers.flatMap((one) => ('id' in one && one.kind === kind ? [one.id] : []));
  const tasks = fulfilment.tasks.map((task) => (task.kind === 'manual' ? task.teamId : null));
  return {
    service: given([serviceId]),
    team: given([teamId, ...tasks, ...ofKind('team')]),
    person: given(ofKind('person')),
    board: given(ofKind('board')),
    role: given(ofKind('role')),
  };
}

function given(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.flatMap((id) => id?.toLowerCase() ?? []))];
}

/** Nobody named is nothing wrong. */
export function nameIssues(
  { known }: CatalogGround,
  kind: NamedKind,
  id: string | null,
  pointer: string,
): InputIssue[] {
  if (id === null || known[kind].has(id.toLowerCase())) return [];
  return [{ pointer, detail: `is no active ${kind} that is there`, code: 'not_found' }];
}
