/** Clocks as rows, for figures: written with the ticket, and only those that it has moved. */
import type { Tx } from '../../database';
import { calendarOf, type Agreement } from '../../sla/agreement';
import type { Clock } from '../../sla/clock/shape';
import { judged } from '../../sla/judged';
import type { Ticket } from '../ticket';

type Standing = Pick<Ticket, 'clocks' | 'priority' | 'serviceId' | 'teamId'>;

/** `before` is how the ticket stood in the database; undefined when it is new. */
export async function writeClocks(
  tx: Tx,
  before: Standing | undefined,
  ticket: Ticket,
  agreement: Agreement,
): Promise<void> {
  const moved = movedClocks(before, ticket);
  if (moved.length === 0) return;
  const { id, type, priority, serviceId, teamId } = ticket;
  const rows = moved.map((clock) => rowOf(clock, agreement));
  await tx.rows(insert, [
    ...[tx.organizationId, id, type, priority, serviceId, teamId],
    JSON.stringify(rows),
  ]);
}

/** Those that are not as they were, and those that go on when the ticket counts elsewhere. */
function movedClocks(before: Standing | undefined, after: Standing): readonly Clock[] {
  if (before === undefined) return after.clocks;
  const isElsewhere =
    before.priority !== after.priority ||
    before.serviceId !== after.serviceId ||
    before.teamId !== after.teamId;
  // Facts leave a clock that they do not touch the very same object.
  const known = new Set(before.clocks);
  return after.clocks.filter(
    (clock) => !known.has(clock) || (isElsewhere && clock.stoppedAt === null),
  );
}

function rowOf(clock: Clock, agreement: Agreement) {
  const { id, target, kind, metric, teamId, terms, state, startedAt, stoppedAt } = clock;
  return {
    ...{ id, target, kind, metric, teamId, state, startedAt, stoppedAt },
    ...{ policyId: terms.policy.id, policyVersion: terms.policy.version, rule: terms.rule },
    targetSeconds: terms.targetSeconds,
    ...judged(clock, calendarOf(agreement, clock)),
  };
}

/** By clock: columns with their types and the members of a row. */
const columns = [
  ['clock_id', 'text', 'id'],
  ['target', 'text', 'target'],
  ['kind', 'text', 'kind'],
  ['metric', 'text', 'metric'],
  ['team_id', 'uuid', 'teamId'],
  ['policy_id', 'uuid', 'policyId'],
  ['policy_version', 'integer', 'policyVersion'],
  ['rule', 'text', 'rule'],
  ['state', 'text', 'state'],
  ['target_seconds', 'double precision', 'targetSeconds'],
  ['started_at', 'timestamptz', 'startedAt'],
  ['due_at', 'timestamptz', 'dueAt'],
  ['missed_at', 'timestamptz', 'missedAt'],
  ['stopped_at', 'timestamptz', 'stoppedAt'],
  ['elapsed_ms', 'bigint', 'elapsedMs'],
] as const;
const ofTicket = ['priority', 'service_id', 'ticket_team_id'];
const names = columns.map(([column]) => column).join(', ');
const members = columns.map(([, , member]) => `c."${member}"`).join(', ');
const typed = columns.map(([, type, member]) => `"${member}" ${type}`).join(', ');
const overwritten = [...ofTicket, ...columns.map(([column]) => column)]
  .filter((column) => column !== 'clock_id')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

const insert = `insert into sla_clocks (organization_id, ticket_id, ticket_type, ${ofTicket.join(', ')}, ${names})
  select $1::uuid, $2::uuid, $3, $4, $5::uuid, $6::uuid, ${members}
    from jsonb_to_recordset($7::jsonb) as c (${typed})
  on conflict (organization_id, ticket_id, clock_id) do update set ${overwritten}`;
