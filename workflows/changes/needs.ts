/** What rules of a change read. */
import type { ChangeGround, GroundAbout } from '../../models/changes/ground';
import type { ChangeTemplate } from '../../models/changes/rows';
import type { Fact } from '../../models/tickets/fact';
import { membersOf, namedNeeds } from '../../models/tickets/named';
import type { Context, Need, OwnNeed } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { AssignInput } from '../handing';
import type { ChangeDetails } from './details';
import type { OpenChange, PlanChange } from './inputs';

type Change = Ticket<ChangeDetails>;

/** Facts that look at what stands beside the change. */
const looking: ReadonlySet<string> = new Set([
  'assign',
  'addTask',
  'plan',
  'submit',
  'requestApproval',
  'implement',
  'approvalDecided',
]);

export function needs(ticket: Change | undefined, fact: Fact): readonly (Need | OwnNeed)[] {
  return ticket ? needsOf(ticket, fact) : needsOfOpening(fact as Fact<OpenChange>);
}

function needsOf(ticket: Change, fact: Fact): (Need | OwnNeed)[] {
  const { name } = fact;
  const given = membersOf<PlanChange & AssignInput>(fact);
  const named = namedNeeds([
    ['person', given.assigneeId],
    ['team', given.teamId],
  ]);
  if (name === 'complete') return [...named, { kind: 'links', id: ticket.id }];
  if (!looking.has(name)) return named;
  const { details } = ticket;
  const about = {
    changeId: ticket.id,
    window: given.window === undefined ? windowOf(ticket) : given.window,
    serviceIds: touched(ticket.serviceId, given.serviceIds ?? details.serviceIds),
    categoryId: ticket.categoryId,
    templateId: details.templateId,
    peopleIds: peopleOf(ticket),
  };
  return [
    ...named,
    { kind: 'own', id: 'ground', about },
    ...templateNeed(name, details.templateId),
  ];
}

function needsOfOpening({ input, actor }: Fact<OpenChange>): (Need | OwnNeed)[] {
  const { serviceId, categoryId, requesterId, serviceIds, templateId, window } = input;
  const named = namedNeeds([
    ['person', requesterId ?? actor.id],
    ['service', serviceId],
    ['category', categoryId],
  ]);
  const about: GroundAbout = {
    changeId: '00000000-0000-0000-0000-000000000000',
    ...{ window, categoryId, peopleIds: [] },
    serviceIds: touched(serviceId, serviceIds),
    templateId: templateId ?? null,
    isFromTemplate: input.kind === 'standard',
  };
  return [...named, { kind: 'own', id: 'ground', about }, ...templateNeed('opened', templateId)];
}

/** Read where it must be approved: when a change is made from it, and when that is submitted. */
function templateNeed(name: string, templateId: string | null | undefined): OwnNeed[] {
  if (!templateId || !['opened', 'submit'].includes(name)) return [];
  return [{ kind: 'own', id: 'template', about: templateId }];
}

export function groundOf(context: Context): ChangeGround {
  return context.own('ground') as ChangeGround;
}

export function templateOf(context: Context): ChangeTemplate | undefined {
  return context.own('template') as ChangeTemplate | undefined;
}

/** Its window, when it has one. */
export function windowOf({
  plannedStart,
  plannedEnd,
}: Pick<Change, 'plannedStart' | 'plannedEnd'>) {
  return plannedStart === null || plannedEnd === null
    ? null
    : { start: plannedStart, end: plannedEnd };
}

/** The service that it is mainly about among them, once. */
export function touched(serviceId: string | null, serviceIds: readonly string[]): string[] {
  return [...new Set([...(serviceId === null ? [] : [serviceId]), ...serviceIds])];
}

/** Who carries it out. */
export function peopleOf({ assigneeId, details }: Change): string[] {
  const ids = [assigneeId, ...details.tasks.map((task) => task.assigneeId)];
  return [...new Set(ids.flatMap((id) => id ?? []))];
}
