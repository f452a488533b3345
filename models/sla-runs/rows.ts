/** The rows of runs: written in the transaction of what causes them, taken over by the engine, counted up. */
import type { Tx } from '../database';
import { toInstant, type Instant } from '../instant';
import type { PolicyDefinition } from '../sla/policy/shape';

export const runKinds = ['dryRun', 'publication', 'calendar'] as const;
export type RunKind = (typeof runKinds)[number];
export const runStates = ['waiting', 'running', 'done', 'failed', 'withdrawn'] as const;
export type RunState = (typeof runStates)[number];

export interface NewRun {
  readonly id: string;
  readonly kind: RunKind;
  /** Null: of every type. */
  readonly ticketType: string | null;
  /** From when on it counts. */
  readonly startsAt: Instant;
  readonly policyId?: string;
  readonly version?: number;
  readonly calendarId?: string;
  /** Of a dry run: what is tried, on tickets that were resolved in this period. */
  readonly definition?: PolicyDefinition;
  readonly period?: { readonly from: Instant; readonly until: Instant };
  /** Absent: it follows from a publication. */
  readonly startedBy?: string;
}

/** Once an id. */
export async function writeRun(tx: Tx, run: NewRun): Promise<void> {
  const { id, kind, ticketType, startsAt, policyId, version, calendarId, definition } = run;
  await tx.rows(
    `insert into sla_runs (organization_id, id, kind, ticket_type, starts_at, policy_id, version,
                           calendar_id, definition, period_from, period_until, started_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12) on conflict do nothing`,
    [
      ...[tx.organizationId, id, kind, ticketType, startsAt, policyId ?? null, version ?? null],
      ...[calendarId ?? null, definition ? JSON.stringify(definition) : null],
      ...[run.period?.from ?? null, run.period?.until ?? null, run.startedBy ?? null],
    ],
  );
}

/** How far a run has come; the form is that of its kind. */
export type Cursor = Readonly<Record<string, string>>;

export interface SlaRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly ticketType: string | null;
  readonly policyId: string | null;
  readonly version: number | null;
  readonly calendarId: string | null;
  readonly definition: PolicyDefinition | null;
  readonly periodFrom: Date | null;
  readonly periodUntil: Date | null;
  readonly startsAt: Instant;
  readonly total: number | null;
  readonly done: number;
  readonly toMissed: number;
  readonly toMet: number;
  readonly retargeted: number;
  readonly cursor: Cursor | null;
  readonly error: string | null;
  readonly isOver: boolean;
}

const columns = `id, kind, state, ticket_type as "ticketType", policy_id as "policyId", version,
  calendar_id as "calendarId", definition, period_from as "periodFrom", period_until as "periodUntil",
  starts_at as "startsAt", total, done, to_missed as "toMissed", to_met as "toMet", retargeted, cursor,
  error, ended_at is not null as "isOver"`;

type Row = Omit<SlaRun, 'startsAt'> & { readonly startsAt: Date };

/** Undefined when it is gone with its organization. */
export async function findRun(tx: Tx, id: string): Promise<SlaRun | undefined> {
  return runOf(
    await tx.rows<Row>(`select ${columns} from sla_runs where organization_id = $1 and id = $2`, [
      tx.organizationId,
      id,
    ]),
  );
}

/** The same; nobody else takes a batch of it until the transaction ends. */
export async function lockRun(tx: Tx, id: string): Promise<SlaRun | undefined> {
  return runOf(
    await tx.rows<Row>(
      `select ${columns} from sla_runs where organization_id = $1 and id = $2 for no key update`,
      [tx.organizationId, id],
    ),
  );
}

function runOf([row]: readonly Row[]): SlaRun | undefined {
  return row && { ...row, startsAt: toInstant(row.startsAt) };
}

/** It has counted its tickets. */
export async function beginRun(tx: Tx, id: string, total: number): Promise<void> {
  await tx.rows(
    `update sla_runs set state = 'running', total = $3, began_at = clock_timestamp()
      where organization_id = $1 and id = $2 and state = 'waiting'`,
    [tx.organizationId, id, total],
  );
}

export interface Progress {
  readonly cursor: Cursor;
  /** More of each. */
  readonly done?: number;
  readonly toMissed?: number;
  readonly toMet?: number;
  readonly retargeted?: number;
}

/** Goes on from the cursor that a batch began with; false when somebody else was there. */
export async function advanceRun(tx: Tx, run: SlaRun, by: Progress): Promise<boolean> {
  const { cursor, done = 0, toMissed = 0, toMet = 0, retargeted = 0 } = by;
  const rows = await tx.rows(
    `update sla_runs
        set cursor = $4::jsonb, done = done + $5, to_missed = to_missed + $6, to_met = to_met + $7,
            retargeted = retargeted + $8
      where organization_id = $1 and id = $2 and ended_at is null
        and cursor is not distinct from $3::jsonb returning id`,
    [
      ...[tx.organizationId, run.id, run.cursor && JSON.stringify(run.cursor)],
      ...[JSON.stringify(cursor), done, toMissed, toMet, retargeted],
    ],
  );
  return rows.length > 0;
}

export async function endRun(
  tx: Tx,
  id: string,
  state: Exclude<RunState, 'waiting' | 'running'>,
  error?: string,
): Promise<void> {
  await tx.rows(
    `update sla_runs set state = $3, error = $4, ended_at = clock_timestamp()
      where organization_id = $1 and id = $2 and ended_at is null`,
    [tx.organizationId, id, state, error?.slice(0, 1_000) ?? null],
  );
}
