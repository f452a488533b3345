/** The next batch of a run. A fault of ours ends it with the reason in its row; outages are tried again. */
import type { Logger } from 'pino';
import type { Database } from '../../models/database';
import { tryOn } from '../../models/sla-runs/dry-run';
import { endRun, findRun, type SlaRun } from '../../models/sla-runs/rows';
import { tellNext, type Told } from '../../models/sla-runs/tell';
import { isOutage } from '../../models/tickets/kernel/failure';
import type { Kernel } from '../../models/tickets/rules';
import type { RunOrder, RunProgress, SlaRunActivities } from '../../workflows/sla-run';

export interface RunBatchDeps {
  readonly database: Pick<Database, 'inOrganization'>;
  readonly kernel: Kernel;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

export function createRunBatch(deps: RunBatchDeps): SlaRunActivities['slaRunBatch'] {
  return async (order) => {
    const told = await attempt(deps, order);
    const run = await find(deps, order);
    const isOver = run === undefined || run.isOver;
    if (isOver) deps.log.info({ runId: order.runId, state: run?.state ?? 'gone' }, 'run over');
    return { isOver, shown: shownOf(run), ...told } satisfies RunProgress;
  };
}

async function attempt(deps: RunBatchDeps, order: RunOrder): Promise<Told> {
  try {
    const run = await find(deps, order);
    if (!run || run.isOver) return {};
    if (run.kind !== 'dryRun') return await tellNext(deps, order);
    await tryOn({ ...deps, processOf: (type) => deps.kernel.processOf(type) }, order);
    return {};
  } catch (error) {
    if (isOutage(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    deps.log.warn({ runId: order.runId, err: error }, 'run failed');
    await deps.database.inOrganization(order.organizationId, (tx) =>
      endRun(tx, order.runId, 'failed', reason),
    );
    return {};
  }
}

function find({ database }: RunBatchDeps, { organizationId, runId }: RunOrder) {
  return database.inOrganization(organizationId, (tx) => findRun(tx, runId));
}

const headings = {
  dryRun: 'Dry run of a policy',
  publication: 'Open tickets are told of a policy',
  calendar: 'Running clocks go on by the newest version of a calendar',
} as const;

function shownOf(run: SlaRun | undefined): string {
  if (!run) return 'It is gone.';
  const { kind, state, done, total, toMissed, toMet, retargeted, startsAt, error } = run;
  const counts =
    kind === 'dryRun'
      ? `${toMissed} would be missed instead of met, ${toMet} met instead of missed`
      : `${retargeted} have other terms`;
  const lines = [
    `**${headings[kind]}: ${state}**`,
    total === null ? `From ${startsAt} on` : `${done} of ${total} tickets; ${counts}`,
    ...(error === null ? [] : [error]),
  ];
  return lines.join('\n\n');
}
