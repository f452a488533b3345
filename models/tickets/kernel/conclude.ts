/** What follows of a rule's word: reads what policies ask for around the ticket, then lets its clocks follow. */
import type { Tx } from '../../database';
import { toInstant } from '../../instant';
import { concluded, type Happening, type Spoken } from '../decide';
import type { Fact } from '../fact';
import { beginsLate } from '../follow';
import type { Context, Process } from '../rules';
import type { Ticket } from '../ticket';
import { timelineOf, type Timeline } from '../timeline';
import type { Agreed } from './agreed';
import { loadGround, onGround } from './ground';

interface Concluding {
  readonly agreed: Agreed;
  readonly fact: Fact;
  /** What the rule has read. */
  readonly heard: Context;
  /** Runs what a rule says, to tell its failures from those of reading. */
  readonly during: <T>(rule: () => T) => T;
}

export async function conclude(
  tx: Tx,
  process: Process,
  spoken: Spoken,
  { agreed, fact, heard, during }: Concluding,
): Promise<{ happening: Happening; context: Context }> {
  const ground = await loadGround(tx, spoken.said.ticket, heard.agreement);
  const agreement = await onGround(tx, agreed, heard.agreement, ground);
  const context = { ...heard, agreement };
  const by = (past?: Timeline) =>
    during(() => concluded(process, spoken, { fact, context, ground, past }));
  const happening = by();
  if (!beginsLate(happening)) return { happening, context };
  return { happening: by(await readPast(tx, process, spoken.before)), context };
}

/** How a ticket stood over its life so far. */
async function readPast(tx: Tx, process: Process, ticket: Ticket): Promise<Timeline> {
  const rows = await tx.rows<{ at: Date; data: Record<string, unknown> }>(
    `select occurred_at as at, data from ticket_events
      where organization_id = $1 and ticket_id = $2 order by version`,
    [tx.organizationId, ticket.id],
  );
  const lines = rows.map(({ at, data }) => ({ at: toInstant(at), data }));
  return timelineOf(process, ticket, lines);
}
