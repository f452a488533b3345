/** Who is asked: said as persons, teams, roles or relations, and made into people when a round opens. */
import { z } from 'zod';
import type { Context, GroupKind, Need, Person } from '../tickets/rules';
import type { Ticket } from '../tickets/ticket';

const veto = z.boolean().default(false).describe('Their refusal alone ends the round.');

export const ApproverSpec = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('person'), id: z.uuid(), veto }),
    z.strictObject({ kind: z.literal('team'), id: z.uuid(), veto }),
    z
      .strictObject({ kind: z.literal('role'), id: z.string().min(1).max(60), veto })
      .describe('The id of a role, or the name of a protected one.'),
    z.strictObject({
      kind: z.literal('relation'),
      relation: z.enum(['requesterManager', 'serviceOwner']),
      veto,
    }),
  ])
  .meta({ id: 'Approver' });
export type ApproverSpec = Readonly<z.infer<typeof ApproverSpec>>;

/** Somebody who is asked, and why. */
export interface Voter {
  readonly id: string;
  readonly hasVeto: boolean;
  /** `team/<id>`, `role/manager`, `requesterManager` ... */
  readonly because: string;
}

type About = Pick<Ticket, 'requesterId' | 'serviceId'>;

/** What has to be read to find them; also those who are asked when there is nobody else. */
export function needsOf(specs: readonly ApproverSpec[], about: About): Need[] {
  const own = specs.flatMap((spec) => groupOf(spec, about) ?? []);
  return [...own, ...lastResorts.map((id) => ({ kind: 'holdersOf' as const, id }))];
}

/** Asked in this order when nobody of those who were named can answer. */
const lastResorts = ['manager', 'admin'];

/** Once each, in the order in which they were named, without those who are barred. */
export function votersOf(
  specs: readonly ApproverSpec[],
  about: About,
  context: Context,
  barred: readonly string[],
): Voter[] {
  const named = specs.flatMap((spec) => {
    const group = groupOf(spec, about);
    return group ? asked(peopleOf(group, context), group, spec.veto) : [];
  });
  const chosen = unique(named, barred);
  if (chosen.length > 0) return chosen;
  const instead = lastResorts.map((role) => {
    const group = { kind: 'holdersOf', id: role } as const;
    return unique(asked(context.people(group.kind, role), group, false), barred);
  });
  return instead.find((one) => one.length > 0) ?? [];
}

/** What the list was made of: when one of these changes, it is made anew. */
export function watchesOf(
  specs: readonly ApproverSpec[],
  about: About,
  voters: readonly Voter[],
): string[] {
  const groups = specs.flatMap((spec) => groupOf(spec, about) ?? []);
  const keys = [
    ...groups.map(keyOf),
    ...voters.map(({ id }) => `person/${id}`),
    ...voters.map(({ because }) => because).filter((because) => because.startsWith('role/')),
  ];
  return [...new Set(keys)].sort();
}

interface Group {
  readonly kind: GroupKind | 'person';
  readonly id: string;
}

const relations = {
  requesterManager: ({ requesterId }: About): Group => ({ kind: 'managerOf', id: requesterId }),
  serviceOwner: ({ serviceId }: About): Group | undefined =>
    serviceId === null ? undefined : { kind: 'ownerOf', id: serviceId },
};

function groupOf(spec: ApproverSpec, about: About): Group | undefined {
  switch (spec.kind) {
    case 'person':
      return { kind: 'person', id: spec.id };
    case 'team':
      return { kind: 'membersOf', id: spec.id };
    case 'role':
      return { kind: 'holdersOf', id: spec.id };
    case 'relation':
      return relations[spec.relation](about);
  }
}

function peopleOf({ kind, id }: Group, context: Context): readonly Person[] {
  if (kind !== 'person') return context.people(kind, id);
  const person = context.person(id);
  return person?.isActive === true ? [person] : [];
}

const nouns = {
  person: 'person',
  membersOf: 'team',
  holdersOf: 'role',
  managerOf: 'person',
  ownerOf: 'service',
};

function keyOf({ kind, id }: Group): string {
  return `${nouns[kind]}/${id}`;
}

function asked(people: readonly Person[], group: Group, hasVeto: boolean): Voter[] {
  const because = group.kind === 'managerOf' ? 'requesterManager' : keyOf(group);
  return people.map(({ id }) => ({ id, hasVeto, because }));
}

/** Somebody who is named twice has a veto if one of the two gives it. */
function unique(voters: readonly Voter[], barred: readonly string[]): Voter[] {
  const byId = new Map<string, Voter>();
  for (const voter of voters) {
    if (barred.includes(voter.id)) continue;
    const known = byId.get(voter.id);
    byId.set(voter.id, known ? { ...known, hasVeto: known.hasVeto || voter.hasVeto } : voter);
  }
  return [...byId.values()];
}
