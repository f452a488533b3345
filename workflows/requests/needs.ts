/** What rules of a request read: the version of the item that it was ordered of, and those that it asks for. */
import type { Covered } from '../../models/service-catalog/ordered';
import type { ItemVersion } from '../../models/service-catalog/shape';
import type { Fact } from '../../models/tickets/fact';
import { membersOf, namedNeeds } from '../../models/tickets/named';
import type { Context, Need, OwnNeed } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { AssignInput } from '../handing';
import type { RequestDetails } from './details';
import type { OpenRequest } from './inputs';

type Request = Ticket<RequestDetails>;

/** Facts after which approvers are shown the whole order. */
const asking: ReadonlySet<string> = new Set(['begin', 'uncovered']);

export function needs(ticket: Request | undefined, fact: Fact): readonly (Need | OwnNeed)[] {
  return ticket ? needsOf(ticket, fact) : needsOfOpening(fact as Fact<OpenRequest>);
}

function needsOf({ details }: Request, fact: Fact): (Need | OwnNeed)[] {
  const given = membersOf<AssignInput>(fact);
  const { id, version } = details.item;
  return [
    ...namedNeeds([
      ['person', given.assigneeId],
      ['team', given.teamId],
    ]),
    { kind: 'own', id: 'item', about: { id, version } },
    ...(asking.has(fact.name)
      ? [{ kind: 'own', id: 'covered', about: details.covers } as const]
      : []),
  ];
}

function needsOfOpening({ input }: Fact<OpenRequest>): (Need | OwnNeed)[] {
  const { requesterId, serviceId, teamId, item } = input;
  const named = namedNeeds([
    ['person', requesterId],
    ['service', serviceId],
    ['team', teamId],
  ]);
  return [...named, { kind: 'own', id: 'item', about: item }];
}

/** Versions are kept for as long as there are requests, so it is there. */
export function itemOf(context: Context): ItemVersion {
  const item = context.own('item') as ItemVersion | undefined;
  if (!item) throw new Error('The item of a request is gone');
  return item;
}

export function coveredIn(context: Context): readonly Covered[] {
  return context.own('covered') as readonly Covered[];
}
