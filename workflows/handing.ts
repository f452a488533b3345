/** Team and person change hands; whoever has it now is told. */
import type { Next } from '../models/tickets/next';

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
