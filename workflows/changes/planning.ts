/** What is planned: checked against what there is, with the risk that follows from it. */
import { invalid } from '../../models/errors';
import { msOf, type Instant } from '../../models/instant';
import { assessRisk, type RiskAnswers } from '../../models/changes/risk';
import type { ChangeTemplate } from '../../models/changes/rows';
import { maintenanceFits } from '../../models/changes/windows';
import { businessHours, isOpen } from '../../models/sla/calendar';
import type { Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { ChangeDetails } from './details';
import type { OpenChange, PlanChange } from './inputs';
import { groundOf, templateOf, touched, windowOf } from './needs';

type Said = Next<ChangeDetails>;

/** What a standard change takes from its template, and nothing beyond it. Throws invalid_input. */
export function fromTemplate(input: OpenChange, context: Context): OpenChange {
  const { state, plans, risk, serviceIds } = knownTemplate(context);
  if (state !== 'approved') throw invalid('/templateId', 'is not approved');
  // Nobody is asked about a standard change, so nobody could approve an exception.
  if (input.freezeException !== null)
    throw invalid('/freezeException', 'is not made for a standard change');
  if (input.serviceId !== null && serviceIds.length > 0 && !serviceIds.includes(input.serviceId))
    throw invalid('/serviceId', 'is not a service of the template');
  return { ...input, plans, risk, serviceIds: [...serviceIds] };
}

/** Throws invalid_input when there is none. */
export function knownTemplate(context: Context): ChangeTemplate {
  const template = templateOf(context);
  if (!template) throw invalid('/templateId', 'is not a known template', 'not_found');
  return template;
}

/** Lays what is given over what was planned, and assesses the risk anew. Throws invalid_input. */
export function plan(so: Said, given: PlanChange, context: Context, at: Instant): Said {
  const { ticket } = so;
  const { window, risk = ticket.details.answers, serviceIds, ...rest } = given;
  refuseUnknown(serviceIds ?? [], given.boardId, context);
  if (window && window.end <= at) throw invalid('/window/end', 'lies in the past');
  const laid = so.details({
    ...planFields(rest),
    serviceIds: touched(ticket.serviceId, serviceIds ?? ticket.details.serviceIds),
    answers: risk,
  });
  const placed = window === undefined ? laid : laid.set(columnsOf(window));
  return assessed(excepted(placed, context), context);
}

/** An exception is made for the freezes that are known now, not for those that come later. */
export function excepted(so: Said, context: Context): Said {
  const { freezeException } = so.ticket.details;
  if (freezeException === null) return so;
  const freezeIds = groundOf(context).freezes.map(({ id }) => id);
  return so.details({ freezeException: { ...freezeException, freezeIds } });
}

/** An absent field stays as it is. */
function planFields(
  given: Omit<PlanChange, 'window' | 'risk' | 'serviceIds'>,
): Partial<ChangeDetails> {
  const { configurationItems, plans, cost, backOutMinutes, freezeException, boardId } = given;
  return {
    ...(configurationItems && { configurationItems }),
    ...(plans && { plans }),
    ...(cost !== undefined && { cost }),
    ...(backOutMinutes !== undefined && { backOutMinutes }),
    ...(freezeException !== undefined && {
      freezeException: freezeException && { ...freezeException, freezeIds: [] },
    }),
    ...(boardId !== undefined && { boardId }),
  };
}

function columnsOf(window: PlanChange['window']) {
  return { plannedStart: window?.start ?? null, plannedEnd: window?.end ?? null };
}

function refuseUnknown(
  serviceIds: readonly string[],
  boardId: string | null | undefined,
  context: Context,
): void {
  const { services, boards } = groundOf(context);
  for (const [index, id] of serviceIds.entries()) {
    const service = services.find((one) => one.id === id);
    if (!service?.isActive)
      throw invalid(`/serviceIds/${index}`, 'is not a known service', 'not_found');
  }
  if (typeof boardId === 'string' && !boards.some(({ id }) => id === boardId))
    throw invalid('/boardId', 'is not a known board', 'not_found');
}

function assessed(so: Said, context: Context): Said {
  const { answers } = so.ticket.details;
  const risk = answers === null ? null : riskOf(so.ticket, answers, context);
  return so.details({ risk });
}

function riskOf(ticket: Ticket<ChangeDetails>, answers: RiskAnswers, context: Context) {
  const ground = groundOf(context);
  const assessment = assessRisk(answers, {
    services: ground.services,
    experience: ground.experience,
    timing: timingOf(ticket, context),
  });
  return { ...assessment, factors: assessment.factors.map((factor) => ({ ...factor })) };
}

/** Without a window nothing speaks for it: as though it began at once, in the middle of a working day. */
function timingOf(ticket: Ticket<ChangeDetails>, context: Context) {
  const window = windowOf(ticket);
  const { maintenance } = groundOf(context);
  const place = maintenance.length === 0 ? 'none' : 'outside';
  if (!window) {
    return { isInBusinessHours: true, maintenance: place, noticeHours: 0 } as const;
  }
  const fits = maintenanceFits(window, ticket.details.serviceIds, maintenance);
  return {
    isInBusinessHours: isOpen(businessHours(context.settings.timezone), window.start),
    maintenance: maintenance.length === 0 ? 'none' : fits ? 'inside' : 'outside',
    noticeHours: Math.max(0, (msOf(window.start) - msOf(ticket.openedAt)) / 3_600_000),
  } as const;
}
