/** `outbox`: what committed rows owe the engine. */
import { oldestRows, outboxState, setAsideRows, takeUp, takeUpAll } from '../../engine/undelivered';
import { Refusal } from '../../models/errors';
import { findNamed } from '../../models/tickets/kernel/named';
import type { Installation } from './installation';
import { age, print, printTable } from './print';
import type { Call } from './verb';

const shownRows = 20;

export async function outbox({ database }: Installation, call: Call): Promise<boolean> {
  if (call.isSet('all')) {
    print(`Set-aside rows taken up again: ${await takeUpAll(database)}.`);
    return true;
  }
  const id = call.text('retry');
  if (id === undefined) return show({ database });
  return retry({ database }, id, call.text('ticket'));
}

async function show({ database }: Pick<Installation, 'database'>): Promise<boolean> {
  const { waiting, setAside, oldestSeconds } = await outboxState(database);
  print(`Waiting: ${waiting} (oldest ${age(oldestSeconds)}). Set aside: ${setAside}.`);
  const rows = await oldestRows(database, shownRows);
  if (rows.length === 0) return true;
  print();
  printTable([
    ['ticket', 'id', 'what', 'age', 'tries', 'state', 'last error'],
    ...rows.map((row) => [
      ...[row.ticket, row.id, row.kind === 'start' ? 'start' : `signal ${row.name}`],
      ...[age(row.ageSeconds), String(row.attempts), row.isSetAside ? 'set aside' : 'waiting'],
      row.lastError ?? '',
    ]),
  ]);
  return true;
}

async function retry(
  { database }: Pick<Installation, 'database'>,
  id: string,
  of: string | undefined,
): Promise<boolean> {
  const wanted = of === undefined ? undefined : (await findNamed(database, of)).ticketId;
  const rows = (await setAsideRows(database, id)).filter(
    ({ ticketId }) => wanted === undefined || ticketId === wanted,
  );
  const [row] = rows;
  if (!row) throw new Refusal('not_found', `No row with the id ${id} is set aside.`);
  if (rows.length > 1) {
    const tickets = rows.map(({ ticket }) => ticket).join(', ');
    throw new Refusal(
      'conflict',
      `Several tickets have such a row: name one by --ticket: ${tickets}.`,
    );
  }
  const isTaken = await takeUp(database, row);
  print(
    isTaken ? `${row.ticket} ${id} is taken up again.` : `${id} was taken up by somebody else.`,
  );
  return true;
}
