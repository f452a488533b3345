/** What outbox and watchdog do, and rules that fail. */
import { Counter, type Registry } from 'prom-client';
import type { Carriage, Repair, Tally } from '../engine/tally';

const repairKinds: readonly Repair[] = ['began', 'woken', 'missing', 'ended'];
const carriages: readonly Carriage[] = ['done', 'unconfirmed', 'failed', 'setAside'];

/** Counts what the loops of a worker do. All kinds are there from the start, so that rates see the first. */
export function loopTally(registry: Registry): Tally {
  const repairs = new Counter({
    name: 'holdfast_watchdog_repairs_total',
    help: 'Lives that the watchdog began anew or woke; missing: found by the daily walk.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: 'holdfast_outbox_deliveries_total',
    help: 'Tries to deliver a row of the outbox; unconfirmed: sent, the cause is not yet in the feed.',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const kind of repairKinds) repairs.inc({ kind }, 0);
  for (const result of carriages) deliveries.inc({ result }, 0);
  return {
    repaired: (kind) => {
      repairs.inc({ kind });
    },
    carried: (result) => {
      deliveries.inc({ result });
    },
  };
}

/** Counts rules that failed, in whichever process. */
export function failureCounter(registry: Registry): () => void {
  const failures = new Counter({
    name: 'holdfast_failed_facts_total',
    help: 'Facts that a rule failed on; each is set aside by its cause.',
    registers: [registry],
  });
  return () => {
    failures.inc();
  };
}
