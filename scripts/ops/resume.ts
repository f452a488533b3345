/** `resume`: lives that the engine has lost, and lives that cannot go on. */
import { replaceLife } from '../../engine/replace';
import { replaceStuck, type Repaired } from '../../engine/replace-stuck';
import { resumeAll } from '../../engine/resume';
import { endStrays } from '../../engine/strays';
import { findNamed } from '../../models/tickets/kernel/named';
import { requireEngine, type Installation } from './installation';
import { print, progressOf } from './print';
import type { Call } from './verb';

const shownFailures = 50;

export async function resume(installation: Installation, call: Call): Promise<boolean> {
  await requireEngine(installation);
  if (call.isSet('stuck')) return allStuck(installation);
  const wanted = call.text('replace');
  return wanted === undefined ? allMissing(installation) : replace(installation, wanted);
}

async function allMissing(installation: Installation): Promise<boolean> {
  const progress = progressOf('Tickets looked at');
  const so = await resumeAll(installation, ({ lookedAt }) => {
    progress(lookedAt);
  });
  progress.end();
  print(
    `Looked at ${so.lookedAt} unsettled tickets: started ${so.started}, already alive ${so.alreadyAlive}, failed ${so.failed.length}.`,
  );
  print(`Outbox rows sent again: ${so.sentAgain}.`);
  print(`Lives of settled tickets told to end: ${await endStrays(installation)}.`);
  return tellFailures(so.failed);
}

async function allStuck(installation: Installation): Promise<boolean> {
  const progress = progressOf('Lives asked for');
  const so = await replaceStuck(installation, progress);
  progress.end();
  print(`Stuck lives: replaced ${so.replaced}, ended ${so.ended}, failed ${so.failed.length}.`);
  return tellFailures(so.failed);
}

/** True when there are none. */
function tellFailures(failed: Repaired['failed']): boolean {
  for (const { ticket, reason } of failed.slice(0, shownFailures)) print(`  ${ticket}: ${reason}`);
  const unshown = failed.length - shownFailures;
  if (unshown > 0) print(`  ... and ${unshown} more`);
  return failed.length === 0;
}

async function replace(installation: Installation, wanted: string): Promise<boolean> {
  const ticket = await findNamed(installation.database, wanted);
  const life = await replaceLife(installation, ticket);
  print(`${ticket.name} lives anew: life ${life}. Earlier ones are ended.`);
  return true;
}
