/** What lives leave in the engine: events and bytes of their histories. */
import { temporal } from '@temporalio/proto';
import { z } from 'zod';
import { openEngine, type Engine } from '../../engine/client';
import { workflowIdOf } from '../../workflows/process';
import type { BareEngine } from './bare/engine';
import type { Request } from './drive';
import type { Rows } from './rows';
import type { Tickets } from './tickets';

export interface HistorySize {
  readonly events: number;
  /** As the server stores them. */
  readonly bytes: number;
}

export interface Histories {
  /** Opened, assigned, started, commented, resolved and closed. */
  readonly usualLife: HistorySize;
  /** Opened and resolved, still waiting to be closed. */
  readonly openAndCommand: HistorySize;
  readonly bareOpenAndCommand: HistorySize;
}

export interface HistoryField {
  readonly tickets: Tickets;
  readonly rows: Rows;
  readonly bare: BareEngine;
  readonly slug: string;
  readonly temporalAddress: string;
}

export async function measureHistories(field: HistoryField): Promise<Histories> {
  const { tickets, bare, temporalAddress } = field;
  const engine = openEngine({ address: temporalAddress, namespace: 'default', taskQueue: 'none' });
  const sizeOf = (workflowId: string) => sizeIn(engine, workflowId);
  try {
    const [person] = await field.rows.query(`select id from users where role = 'agent' limit 1`);
    const assigneeId = z.object({ id: z.uuid() }).parse(person).id;
    const usual = await lived(field, (id) => [
      tickets.command(id, 'assign', { assigneeId }),
      tickets.command(id, 'start', {}),
      tickets.comment(id),
      tickets.resolve(id),
      tickets.command(id, 'close', {}),
    ]);
    const resolved = await lived(field, (id) => [tickets.resolve(id)]);
    const bareLife = await bare.open();
    await bare.command(bareLife);
    return {
      usualLife: await sizeOf(usual),
      openAndCommand: await sizeOf(resolved),
      bareOpenAndCommand: await sizeOf(bareLife),
    };
  } finally {
    await engine.close();
  }
}

/** Of a life's present run. */
export async function sizeIn(engine: Engine, workflowId: string): Promise<HistorySize> {
  const history = await engine.client.workflow.getHandle(workflowId).fetchHistory();
  const events = history.events ?? [];
  const encoded = temporal.api.history.v1.History.encode({ events }).finish();
  return { events: events.length, bytes: encoded.length };
}

/** The workflow id of a ticket that went this way. */
async function lived(
  { tickets, rows, slug }: HistoryField,
  stepsOf: (id: string) => Request[],
): Promise<string> {
  let id = '';
  const opening = tickets.open((given) => (id = given));
  const say = async (step: Request) => {
    const wrong = await step();
    if (wrong !== undefined) throw new Error(`A step of a life failed: ${wrong}`);
  };
  await say(opening);
  for (const step of stepsOf(id)) await say(step);
  const [row] = await rows.query('select number from tickets where id = $1', [id]);
  return workflowIdOf(slug, 'incident', z.object({ number: z.string() }).parse(row).number);
}
