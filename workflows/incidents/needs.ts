/** What rules of an incident read. */
import type { Fact } from '../../models/tickets/fact';
import { membersOf, namedNeeds } from '../../models/tickets/named';
import type { Need, OwnNeed } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { IncidentDetails } from './details';
import { needsOfLinked } from './following';
import { needsOfMajor } from './major';
import { problemNeeds } from './problems';
import { isOver } from './steps';

type Incident = Ticket<IncidentDetails>;

export function needs(ticket: Incident | undefined, fact: Fact): readonly (Need | OwnNeed)[] {
  const { name, actor } = fact;
  const given = membersOf(fact);
  // Said on one that is over, it begins another one about the same.
  const same = name === 'commented' && ticket && isOver(ticket) ? ticket : undefined;
  const named = namedNeeds([
    ['person', ticket ? given['assigneeId'] : (given['requesterId'] ?? actor.id)],
    ['team', given['teamId']],
    ['service', same ? same.serviceId : given['serviceId']],
    ['category', same ? same.categoryId : given['categoryId']],
  ]);
  if (!ticket) return named;
  const beside = [...needsOfLinked(ticket, fact), ...needsOfMajor(ticket, fact)];
  return [...named, ...beside, ...problemNeeds(name, given)];
}
