/** Steps by the kind of their fact and what became of it; causes found already done; late timers. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Witness } from '../activities/tickets/witness';
import { kernelFacts } from '../models/tickets/fact';
import type { Process } from '../models/tickets/rules';

const stepBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const lateBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/** Counts each step. */
export function stepWitness(registry: Registry, processes: readonly Process[]): Witness {
  const kindOf = factKinds(processes);
  const durations = new Histogram({
    name: 'holdfast_step_duration_seconds',
    help: 'Steps by kind of fact and result: applied, unchanged, refused, failed, gone, superseded, known (its cause was recorded before), thrown (tried again).',
    labelNames: ['fact', 'result'],
    buckets: stepBuckets,
    registers: [registry],
  });
  const known = new Counter({
    name: 'holdfast_causes_already_done_total',
    help: 'Facts that came to a step although their cause was recorded before.',
    registers: [registry],
  });
  const lateness = new Histogram({
    name: 'holdfast_timer_lateness_seconds',
    help: 'From the instant at which an agenda entry was due to the commit that handled it.',
    buckets: lateBuckets,
    registers: [registry],
  });
  return ({ request, result, seconds, lateSeconds }) => {
    durations.observe({ fact: kindOf(request.fact.name), result }, seconds);
    if (result === 'known') known.inc();
    for (const late of lateSeconds) lateness.observe(Math.max(0, late));
  };
}

/** Names that are declared; a name typed by hand may be anything, so it is `other`. */
function factKinds(processes: readonly Process[]): (name: string) => string {
  const declared = processes.flatMap(({ inputs }) => [
    ...Object.keys(inputs.commands),
    ...Object.keys(inputs.signals),
  ]);
  const kinds = new Set([...declared, ...Object.values(kernelFacts), 'cancelRequested']);
  return (name) => (kinds.has(name) ? name : 'other');
}
