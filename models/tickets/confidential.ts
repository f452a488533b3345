/**
 * Which team alone sees a ticket (docs/adr/0016-confidential.md). For tickets of every process: whatever
 * its rule says of service and team, this follows from it.
 */
import { Refusal } from '../errors';
import { may } from '../users/permissions';
import type { Fact, FactActor } from './fact';
import type { Context } from './rules';
import type { Ticket } from './ticket';

/**
 * The team that alone sees it after a fact; null: it is open. A confidential service brings its team; one
 * that is confidential moves with the team that works on it, when people move it.
 */
export function teamThatSees(
  before: Ticket,
  after: Ticket,
  { actor }: Pick<Fact, 'actor'>,
  context: Pick<Context, 'service'>,
): string | null {
  const isNew = before.version === 0;
  // What a confidential ticket gave birth to stays with the team of that one.
  if (isNew && before.confidentialTeamId !== null) return before.confidentialTeamId;
  if (after.serviceId !== null && (isNew || after.serviceId !== before.serviceId)) {
    const service = context.service(after.serviceId);
    if (service?.isConfidential === true) return service.teamId;
  }
  const { confidentialTeamId, teamId } = after;
  const isMoved = confidentialTeamId !== null && teamId !== null && teamId !== before.teamId;
  return isMoved && actor.kind === 'person' ? teamId : confidentialTeamId;
}

/** Moving it out of sight of the team that sees it needs the permission. Throws forbidden. */
export function refuseMove(
  before: Ticket,
  to: string | null,
  { actor }: Pick<Fact, 'actor'>,
): void {
  const from = before.confidentialTeamId;
  if (from === null || to === null || to === from || mayOpenUp(actor)) return;
  throw new Refusal(
    'forbidden',
    'It is confidential: only who sees confidential tickets of all teams hands it to another one.',
  );
}

/** Whether they hold the permission that reaches over all teams; Holdfast itself does. */
export function mayOpenUp({ kind, role, granted, scopes }: FactActor): boolean {
  if (kind === 'system') return true;
  return role !== null && may({ role, granted, scopes }, 'ticket:confidential');
}
