/** What stands in the way of a change; each throws conflict. */
import { Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import { plansNeededAt } from '../../models/changes/risk';
import { plansMissing } from '../../models/changes/risk.schema';
import { outsideMaintenance } from '../../models/changes/windows';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import type { ChangeDetails } from './details';
import { groundOf, windowOf } from './needs';

type Change = Ticket<ChangeDetails>;

/** A change whose window (one that is not over), risk or plans are not there. */
export function refuseUnready({ details, plannedEnd }: Change, at: Instant): void {
  const { risk, plans } = details;
  const missing = [
    ...(plannedEnd === null || plannedEnd <= at ? ['window'] : []),
    ...(risk === null
      ? ['risk']
      : plansMissing(plans, plansNeededAt(risk.level)).map((one) => `plans.${one}`)),
  ];
  if (missing.length === 0) return;
  throw new Refusal('conflict', `Not planned yet: ${missing.join(', ')}.`, { missing });
}

/** A freeze or a time outside of maintenance that nobody has made an exception for. */
export function refuseForbidden(ticket: Change, context: Context): void {
  const window = windowOf(ticket);
  const { kind, freezeException, serviceIds } = ticket.details;
  if (!window || kind === 'emergency') return;
  const { freezes, maintenance, services } = groundOf(context);
  const freeze = freezes.find(({ id }) => freezeException?.freezeIds.includes(id) !== true);
  if (freeze) {
    throw new Refusal(
      'conflict',
      `The window meets the freeze "${freeze.name}": ${freeze.reason}`,
      {
        freeze: { id: freeze.id, name: freeze.name, from: freeze.from, until: freeze.until },
      },
    );
  }
  const outside = outsideMaintenance(window, serviceIds, maintenance);
  if (outside.length === 0) return;
  const names = services.filter(({ id }) => outside.includes(id)).map(({ name }) => name);
  throw new Refusal('conflict', `The window is outside the maintenance of ${names.join(', ')}.`);
}

/** Whoever approved it does not carry it out; throws conflict. */
export function refuseApprover({ details }: Change, id: string | null): void {
  if (id === null || !details.approvedByIds.includes(id)) return;
  throw new Refusal('conflict', 'Whoever has approved a change does not carry it out.');
}
