/** `facts` and `retry-fact`: what was refused, and what a rule failed on. */
import { findNamed, type Named } from '../../models/tickets/kernel/named';
import { keptFacts, retryFact, type Retried } from '../../models/tickets/kernel/retry';
import { messageOf } from '../stack/failure';
import type { Installation } from './installation';
import { print, printTable } from './print';
import type { Call } from './verb';

export async function facts({ database }: Installation, { words }: Call): Promise<boolean> {
  const ticket = await findNamed(database, words[0] ?? '');
  const kept = await database.inOrganization(ticket.organizationId, (tx) =>
    keptFacts(tx, ticket.ticketId),
  );
  if (kept.length === 0) {
    print(`${ticket.name}: nothing was refused, nothing failed.`);
    return true;
  }
  printTable([
    ['outcome', 'cause', 'fact', 'recorded', 'why'],
    ...kept.map(({ outcome, cause, name, recordedAt, code, message, retriedAt }) => [
      retriedAt === null ? outcome : `${outcome}, retried`,
      ...[cause, name, recordedAt.toISOString(), `${code}: ${message}`],
    ]),
  ]);
  return true;
}

export async function retry(installation: Installation, { words }: Call): Promise<boolean> {
  const [wanted = '', cause = ''] = words;
  const { database, kernel } = installation;
  const ticket = await findNamed(database, wanted);
  const { organizationId, ticketId, type } = ticket;
  const retried = await retryFact(database, { organizationId, ticketId, type }, cause, kernel);
  const { isWell, line } = tellOf(retried);
  print(`${ticket.name} ${cause}: ${line}`);
  await tellLife(installation, ticket);
  return isWell;
}

function tellOf(retried: Retried): { isWell: boolean; line: string } {
  switch (retried.kind) {
    case 'planned':
      return { isWell: true, line: `on the agenda again, at ${retried.at}.` };
    case 'void':
      return { isWell: true, line: `nothing to do: ${retried.reason}.` };
    case 'failedAgain':
      return { isWell: false, line: `failed again, nothing was changed. ${retried.reason}` };
    case 'decided': {
      const { outcome } = retried;
      if (outcome.kind === 'applied')
        return { isWell: true, line: `applied, version ${outcome.version}.` };
      if ('code' in outcome)
        return { isWell: true, line: `${outcome.kind} (${outcome.code}): ${outcome.message}` };
      return { isWell: true, line: `${outcome.kind}.` };
    }
  }
}

/** The outbox tells it too, within seconds; without the engine that is the only way. */
async function tellLife(
  { lives }: Installation,
  { organizationId, ticketId }: Named,
): Promise<void> {
  try {
    const living = await lives.find(organizationId, ticketId);
    if (living) await lives.signal(living, 'look', {});
  } catch (error) {
    print(`  Its life is told later, by the outbox (${messageOf(error)}).`);
  }
}
