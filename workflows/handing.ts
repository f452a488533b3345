/** How tickets change hands, as every process has it; the process declares `assigned` and `assignedToTeam`. */
import { z } from 'zod';
import { activeTeam, agent } from '../models/tickets/checks';
import type { Fact } from '../models/tickets/fact';
import { next, type Next } from '../models/tickets/next';
import type { Context, Given } from '../models/tickets/rules';
import type { Ticket } from '../models/tickets/ticket';

/** The input of `assign`; `name` is that of the schema in OpenAPI. */
export function assignInput(name: string) {
  const id = z.uuid().nullish();
  return z
    .strictObject({
      teamId: id,
      assigneeId: id.describe('null with teamId null = nobody has it.'),
    })
    .refine((given) => given.teamId !== undefined || given.assigneeId !== undefined, {
      message: 'give teamId, assigneeId, or both',
    })
    .meta({ id: name });
}
export type AssignInput = z.infer<ReturnType<typeof assignInput>>;

/** Whom a ticket is given to by hand: of another team nobody is left from before. Throws invalid_input. */
export function wantedHands(
  { teamId, assigneeId }: Pick<Ticket, 'teamId' | 'assigneeId'>,
  input: AssignInput,
  context: Context,
): Pick<Ticket, 'teamId' | 'assigneeId'> {
  const team = input.teamId === undefined ? teamId : activeTeam(input.teamId, context);
  const kept = team === teamId ? assigneeId : null;
  return {
    teamId: team,
    assigneeId: input.assigneeId === undefined ? kept : agent(input.assigneeId, context),
  };
}

/** The rule of `assign`. */
export function assign<D>(
  ticket: Ticket<D>,
  { input }: Pick<Fact<AssignInput>, 'input'>,
  context: Context,
): Next<D> {
  const { teamId, assigneeId } = wantedHands(ticket, input, context);
  return handOver(next(ticket), teamId, assigneeId);
}

/** Rules of assignment have found somebody. */
export function given<D>(so: Next<D>, { teamId, assigneeId, reason, rule }: Given): Next<D> {
  return handOver(so, teamId, assigneeId).event('assigned', { reason, rule, isByRule: true });
}

/**
 * Somebody has left. Sent twice, it is known by its cause: so it leaves a line also when nothing was to be
 * done, as for a ticket that is over.
 */
export function leftBy<D>(
  ticket: Ticket<D>,
  { input: { userId } }: Pick<Fact<{ userId: string }>, 'input'>,
  { settings }: Pick<Context, 'settings'>,
): Next<D> {
  if (ticket.assigneeId !== userId || ticket.closedAt !== null)
    return next(ticket).event('alreadyReleased', { userId }, 'internal');
  const teamId = ticket.teamId ?? ticket.confidentialTeamId ?? settings.defaultTeamId;
  return handOver(next(ticket), teamId, null).event('released', { userId });
}

/** Team and person change hands; whoever has it now is told. */
export function handOver<D>(
  so: Next<D>,
  teamId: string | null,
  assigneeId: string | null,
): Next<D> {
  const { ticket } = so;
  const isOther = teamId !== ticket.teamId || assigneeId !== ticket.assigneeId;
  return so
    .set({ teamId, assigneeId })
    .when(isOther && assigneeId !== null, (one) => one.notify('assignee', 'assigned'))
    .when(isOther && assigneeId === null && teamId !== null, (one) =>
      one.notify('team', 'assignedToTeam'),
    );
}
