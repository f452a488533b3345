/** `restore-drill`: how a restore would go. */
import { existsSync } from 'node:fs';
import { print } from './print';
import type { Call } from './verb';

const usual = 200;
/** Below this not every fate that a ticket can have is there. */
const least = 10;

/** How many tickets the drill is to have; undefined when that cannot be read. */
export function ticketsOf(call: Call): number | undefined {
  const text = call.text('tickets');
  const tickets = text === undefined ? usual : Number(text);
  return Number.isInteger(tickets) && tickets >= least ? tickets : undefined;
}

export async function rehearseRestore(call: Call): Promise<boolean> {
  const dumpFile = call.text('dump');
  if (dumpFile !== undefined && !existsSync(dumpFile)) {
    throw new Error(`There is no file ${dumpFile}.`);
  }
  // Loaded only when wanted: it brings a whole installation with it.
  const { restoreDrill } = await import('../drill/drill.js');
  return restoreDrill({ tickets: ticketsOf(call) ?? usual, dumpFile, say: print });
}
