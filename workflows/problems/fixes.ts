/** What a change that fixes a problem does to it when it is closed. */
import type { Fact } from '../../models/tickets/fact';
import { holderOf } from '../../models/tickets/holder';
import type { Linked, LinkTurned } from '../../models/tickets/links';
import { next, type Next } from '../../models/tickets/next';
import type { Context } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { change } from '../changes/process';
import { isOpenState } from '../process';
import type { ProblemDetails } from './details';
import { besideOf } from './needs';
import { resolved } from './steps';

type Problem = Ticket<ProblemDetails>;

const successes: readonly (string | null)[] = ['successful', 'successfulWithIssues'];

/**
 * The last of its changes that was successful resolves a problem that is being fixed. Everything else leaves
 * a line and tells whoever has it: a change that failed, one of several, one of a problem in another state.
 */
export function fixClosed(
  ticket: Problem,
  { input: { ticketId }, occurredAt }: Fact<LinkTurned>,
  context: Context,
): Next<ProblemDetails> {
  const fixes = context
    .links(ticket.id)
    .filter(({ kind, type }) => kind === 'fixedBy' && type === change.type);
  const fix = fixes.find(({ id }) => id === ticketId);
  if (!fix || isOpenState(change, fix.state)) return next(ticket);
  const outcome = besideOf(ticketId, context)?.outcome ?? null;
  const line = { number: fix.number, outcome: outcome ?? fix.state };
  if (fix.state !== 'closed' || !successes.includes(outcome))
    return next(ticket).event('fixFailed', line, 'internal').notify(holderOf(ticket), 'fixFailed');
  const so = next(ticket).event('fixClosed', line, 'internal');
  if (ticket.state !== 'fixInProgress' || fixes.some(isOpenChange))
    return so.notify(holderOf(ticket), 'fixClosed');
  const notes = `${fix.number ?? 'A change'} was carried out and closed.`;
  return resolved(so, { code: 'fixed', notes, byId: null }, occurredAt, context.settings);
}

function isOpenChange({ state }: Linked): boolean {
  return isOpenState(change, state);
}
