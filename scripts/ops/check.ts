/** `check`: PostgreSQL held against the engine. */
import { checkLives, type Finding, type Problem } from '../../engine/check';
import { strays } from '../../engine/strays';
import { oldestRows, outboxState } from '../../engine/undelivered';
import { inspectTickets, type Inspection } from '../../models/tickets/kernel/inspection';
import { waitingKeys } from '../../models/tickets/suspension';
import { processes } from '../../workflows/registry';
import { requireEngine, type Installation } from './installation';
import { workflowIdOf } from '../../workflows/process';
import { age, print, printTable, progressOf } from './print';

/** What waits or is due for less than this is on its way. */
const graceSeconds = 60;
const undeliveredSeconds = 120;
const shownOfEach = 50;

export async function check(installation: Installation): Promise<boolean> {
  await requireEngine(installation);
  const { database } = installation;
  const reading = progressOf('Tickets read');
  const inspected = await inspectTickets(database, graceSeconds, reading, waitingKeys(processes));
  reading.end();
  const asking = progressOf('Lives asked for');
  const { lookedAt, findings } = await checkLives(installation, asking);
  asking.end();
  const outbox = await outboxState(database);
  print(`Tickets: ${inspected.tickets}, of them unsettled: ${lookedAt}.`);
  print(
    `Facts refused, which is an outcome: ${inspected.refusedFacts}. Failed: ${inspected.failed.length}.`,
  );
  print(
    `Outbox: ${outbox.waiting} waiting (oldest ${age(outbox.oldestSeconds)}), ${outbox.setAside} set aside.`,
  );
  const all = [
    ...findings,
    ...(await outlived(installation)),
    ...ofRecords(inspected),
    ...(await undelivered(installation)),
  ];
  tell(all);
  return all.length === 0;
}

function ofRecords({ overdue, gaps, failed }: Inspection): Finding[] {
  const named = (problem: Problem, found: Inspection['gaps']) =>
    found.map((one) => ({ problem, ...one }));
  return [
    ...named('overdue', overdue),
    ...named('feed gap', gaps),
    ...named('failed fact', failed),
  ];
}

async function outlived(installation: Installation): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { organizationId, ticketId } of strays(installation)) {
    const living = await installation.lives.find(organizationId, ticketId);
    if (!living || !(await installation.lives.isAlive(living))) continue;
    const { type, number, state } = living.ticket;
    const ticket = workflowIdOf(living.slug, type, number);
    findings.push({ problem: 'outlived', ticket, detail: `it is ${state}, but its life goes on` });
  }
  return findings;
}

async function undelivered({ database }: Installation): Promise<Finding[]> {
  const rows = await oldestRows(database, shownOfEach + 1);
  return rows
    .filter(({ isSetAside, ageSeconds }) => isSetAside || ageSeconds > undeliveredSeconds)
    .map(({ ticket, id, isSetAside, ageSeconds, attempts, lastError }) => ({
      problem: 'not delivered',
      ticket,
      detail: `${id} ${isSetAside ? 'is set aside' : 'waits'} since ${age(ageSeconds)}, ${attempts} tries${lastError === null ? '' : `: ${lastError}`}`,
    }));
}

function tell(findings: readonly Finding[]): void {
  print();
  if (findings.length === 0) {
    print('All is well.');
    return;
  }
  for (const problem of new Set(findings.map((one) => one.problem))) {
    const found = findings.filter((one) => one.problem === problem);
    print(`${problem}: ${found.length}`);
    printTable(found.slice(0, shownOfEach).map(({ ticket, detail }) => [ticket, detail]));
    if (found.length > shownOfEach) print(`  ... and ${found.length - shownOfEach} more`);
  }
}
