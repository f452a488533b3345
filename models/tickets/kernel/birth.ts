/** How a ticket begins: opened by somebody, or born of a rule on another ticket. */
import type { Tx } from '../../database';
import { lockForAll } from '../../lock';
import { loadAgreed } from './agreed';
import { conclude } from './conclude';
import { loadContext } from './context';
import { derivedOf, speak, type Happening } from '../decide';
import type { Fact } from '../fact';
import { birthIdOf } from '../identity';
import type { Opening } from '../owed';
import { refuseLinks, tellLinkedAtOpening, writeLinks } from './links';
import { writeClocks } from './projection';
import { owe, record } from './record';
import type { Kernel, Process, Terms } from '../rules';
import { unopened } from '../unopened';
import { shared } from './share';
import { insertTicket, takeNumber } from './store';
import type { Ticket } from '../ticket';

/**
 * Opens a ticket in the given transaction: rules, number (taken last, so that it is held for the
 * shortest time), row, feed, and the start of its life owed to the engine. Throws a Refusal on bad input.
 */
export async function openTicket(
  tx: Tx,
  process: Process,
  id: string,
  fact: Fact<Opening>,
): Promise<{ ticket: Ticket; terms: Terms }> {
  const { type, prefix } = process.declaration;
  await lockForAll(tx, process.rules.locks?.(fact) ?? []);
  const needs = process.rules.needs(undefined, fact);
  const blank = unopened(process, tx.organizationId, id, fact);
  const agreeing = loadAgreed(tx, type);
  const { loaders } = process;
  const heard = await loadContext(tx, agreeing, { party: blank, fact, needs, loaders });
  const said = speak(process, blank, fact, heard);
  const spoken = await shared(tx, process, said, { fact, heard });
  const agreed = await agreeing;
  const concluding = { agreed, fact, heard, during: <T>(rule: () => T): T => rule() };
  const { happening, context } = await conclude(tx, process, spoken, concluding);
  await refuseLinks(tx, happening);
  const number = await takeNumber(tx, type, prefix);
  const ticket = { ...happening.ticket, number };
  // One packet, in this order: the feed refers to the row.
  await Promise.all([
    insertTicket(tx, ticket, derivedOf(process, ticket, context.agreement)),
    writeClocks(tx, undefined, ticket, context.agreement),
    record(tx, process.declaration, { ...happening, ticket }),
    owe(tx, {
      ...{ ticketId: id, id: fact.cause, kind: 'start', name: 'start', payload: {} },
      isForSweeper: fact.via === 'rule',
    }),
    writeLinks(tx, { ...happening, ticket }),
    tellLinkedAtOpening(tx, { ...happening, ticket }),
  ]);
  return { ticket, terms: context };
}

/** Opens what a fact gave birth to, in the same transaction, linked to where it came from. */
export async function writeBirths(tx: Tx, happening: Happening, kernel: Kernel): Promise<void> {
  const { ticket, fact, owed } = happening;
  for (const [k, { type, link, input }] of owed.births.entries()) {
    const id = birthIdOf(ticket.id, fact.cause, k);
    const process = kernel.processOf(type);
    const { confidentialTeamId } = ticket;
    const opening = { ...process.inputs.open.parse(input), confidentialTeamId };
    await openTicket(tx, process, id, {
      ...fact,
      cause: id,
      name: 'opened',
      input: opening,
      via: 'rule',
    });
    await tx.rows(
      `insert into ticket_links (organization_id, ticket_id, kind, other_id) values ($1, $2, $3, $4)`,
      [tx.organizationId, id, link, ticket.id],
    );
  }
}
