/** Figures that are read when the page is asked for: pool, health, and what concerns all processes. */
import { Gauge, type Registry } from 'prom-client';
import type { Engine } from '../engine/client';
import type { Readiness } from '../engine/health';
import { countStuckLives } from '../engine/stuck';
import { outboxState } from '../engine/undelivered';
import type { Database } from '../models/database';
import { createAsking } from './asked';

const outboxKeptMs = 5_000;
/** The engine limits how often its index may be asked. */
const stuckKeptMs = 30_000;

const poolStates = ['open', 'idle', 'most', 'waiting'] as const;

/** Connections of this process to PostgreSQL. */
export function gaugePool(registry: Registry, database: Pick<Database, 'poolUse'>): void {
  new Gauge({
    name: 'holdfast_database_pool_connections',
    help: 'Connections: open, idle among them, most that there may be; waiting: transactions without one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const use = database.poolUse();
      for (const state of poolStates) this.set({ state }, use[state]);
    },
  });
}

/** 1 for each part that is well, as `/health/ready` says it. */
export function gaugeReadiness(registry: Registry, readiness: () => Promise<Readiness>): void {
  new Gauge({
    name: 'holdfast_ready',
    help: '1 when the part of /health/ready is well, 0 when it is not.',
    labelNames: ['part'],
    registers: [registry],
    async collect() {
      const { parts } = await readiness();
      for (const [part, { ok }] of Object.entries(parts)) this.set({ part }, ok ? 1 : 0);
    },
  });
}

/** The same whichever API process is asked: what waits in the outbox, and how many lives are stuck. */
export function gaugeInstallation(registry: Registry, database: Database, engine: Engine): void {
  const register = createAsking(registry);
  register({
    source: 'outbox',
    ask: () => outboxState(database),
    keptMs: outboxKeptMs,
    gauges: [
      {
        name: 'holdfast_outbox_waiting',
        help: 'Rows of the outbox that wait for delivery or its confirmation.',
        read: ({ waiting }) => waiting,
      },
      {
        name: 'holdfast_outbox_oldest_seconds',
        help: 'Age of the oldest row of the outbox that is not set aside.',
        read: ({ oldestSeconds }) => oldestSeconds,
      },
      {
        name: 'holdfast_outbox_set_aside',
        help: 'Rows of the outbox that wait for people.',
        read: ({ setAside }) => setAside,
      },
    ],
  });
  register({
    source: 'engine',
    ask: async () => ({ stuck: await countStuckLives(engine) }),
    keptMs: stuckKeptMs,
    gauges: [
      {
        name: 'holdfast_stuck_lives',
        help: 'Running lives whose tasks fail again and again.',
        read: ({ stuck }) => stuck,
      },
    ],
  });
}
