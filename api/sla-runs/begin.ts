/** How an administrator begins a run. */
import { recordAct } from '../../models/audit/record';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { findRun, writeRun, type NewRun } from '../../models/sla-runs/rows';
import { doerOf, type By } from '../http/request';
import { presentRun, slaRuns, type RunRow } from './shown';

export interface Begun extends Omit<NewRun, 'startedBy'> {
  /** What it is about, for the audit log. */
  readonly name: string;
}

/** Owes the engine a run and records who asked for it, once an id; the reply that says so. */
export async function beginRunOf(tx: Tx, { name, ...run }: Begun, by: By) {
  const { id, kind } = run;
  if (!(await findRun(tx, id))) {
    await writeRun(tx, { ...run, startedBy: by.actor.id });
    const { policyId = null, calendarId = null, period = null } = run;
    await recordAct(tx, doerOf(by), {
      action: 'slaRun.started',
      target: { type: 'slaRun', id, name },
      after: { kind, policyId, calendarId, period },
    });
  }
  return { body: await readRun(tx, id), location: `/api/v1${slaRuns.path}/${id}` };
}

async function readRun(tx: Tx, id: string) {
  const { select, from } = slaRuns;
  const [row] = await tx.rows<RunRow>(
    `select ${select} from ${from} where r.organization_id = $1 and r.id = $2`,
    [tx.organizationId, id],
  );
  if (row === undefined) throw new Refusal('not_found', 'There is no such run.');
  return presentRun(row);
}
