/** What the routes that show changes work with. */
import type { Process } from '../../models/tickets/rules';
import type { TicketDeps } from '../tickets/door';

export interface SurfaceDeps extends TicketDeps {
  readonly change: Process;
  readonly approval: Process;
}
