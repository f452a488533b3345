/** What is planned: checked against what there is, with the risk that follows from it. */
import { invalid, Refusal } from '../../models/errors';
import { msOf, type Instant } from '../../models/instant';
import { assessRisk, type RiskAnswers } from '../../models/changes/risk';
import { maintenanceFits, outsideMaintenance } from '../../models/changes/windows';
import { businessHours, isOpen } from '../../models/sla/calendar';
import type { Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { ask, isAskedAnew } from './approval';
import type { ChangeDetails } from './details';
import type { OpenChange, PlanChange } from './inputs';
import { groundOf, templateOf, touched, windowOf } from './needs';
import { schedule } from './window';

type Said = Next<ChangeDetails>;

/** What a standard change takes from its template. Throws invalid_input. */
export function fromTemplate(input: OpenChange, context: Context): OpenChange {
  const template = templateOf(context);
  if (!template) throw invalid('/templateId', 'is not a known template', 'not_found');
  if (template.state !== 'approved') throw invalid('/templateId', 'is not approved');
  const { plans, risk, serviceIds } = template;
  return { ...input, plans, risk, serviceIds: [...serviceIds] };
}

/** Lays what is given over what was planned, and assesses the risk anew. Throws invalid_input. */
export function plan(so: Said, given: PlanChange, context: Context, at: Instant): Said {
  const { ticket } = so;
  const { window, risk, serviceIds, ...rest } = given;
  refuseUnknown(serviceIds ?? [], given.boardId, context);
  if (window && window.end <= at) throw invalid('/window/end', 'lies in the past');
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const laid = so
    .set(
      window === undefined
        ? {}
        : { plannedStart: window?.start ?? null, plannedEnd: window?.end ?? null },
    )
    .details({
      ...(known as Partial<ChangeDetails>),
      serviceIds: touched(ticket.serviceId, serviceIds ?? ticket.details.serviceIds),
      answers: risk === undefined ? ticket.details.answers : risk,
    });
  const template = ticket.version === 0 && given !== undefined ? ticket.details.templateId : null;
  const versioned =
    template === null ? laid : laid.details({ templateVersion: templateOf(context)?.version ?? null });
  return assessed(versioned, context);
}

function refuseUnknown(
  serviceIds: readonly string[],
  boardId: string | null | undefined,
  context: Context,
): void {
  const { services, boards } = groundOf(context);
  for (const [index, id] of serviceIds.entries()) {
    const service = services.find((one) => one.id === id);
    if (!service?.isActive) throw invalid(`/serviceIds/${index}`, 'is not a known service', 'not_found');
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

/** An edit of what was asked about or approved asks anew; one of a standard change only moves its window. */
export function planned(
  so: Said,
  before: Ticket<ChangeDetails>,
  cause: string,
  context: Context,
): Said {
  const isAsked = before.state === 'awaitingApproval' || before.state === 'scheduled';
  if (!isAsked) return so;
  if (before.details.kind === 'standard') return schedule(so, so.ticket.updatedAt, context);
  if (!isAskedAnew(before, so.ticket)) return so;
  return ask(so.details({ approvedByIds: [] }), cause, context).state('awaitingApproval');
}

/** Throws conflict for a freeze or a time outside of maintenance that nobody has made an exception for. */
export function refuseForbidden(ticket: Ticket<ChangeDetails>, context: Context): void {
  const window = windowOf(ticket);
  const { kind, freezeException, serviceIds } = ticket.details;
  if (!window || kind === 'emergency') return;
  const { freezes, maintenance, services } = groundOf(context);
  const [freeze] = freezeException === null ? freezes : [];
  if (freeze) {
    throw new Refusal('conflict', `The window meets the freeze "${freeze.name}": ${freeze.reason}`, {
      freeze: { id: freeze.id, name: freeze.name, from: freeze.from, until: freeze.until },
    });
  }
  const outside = outsideMaintenance(window, serviceIds, maintenance);
  if (outside.length === 0) return;
  const names = services.filter(({ id }) => outside.includes(id)).map(({ name }) => name);
  throw new Refusal('conflict', `The window is outside the maintenance of ${names.join(', ')}.`);
}
