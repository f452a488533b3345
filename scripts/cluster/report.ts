/** What a trial of the cluster showed, in lines. Pure. */
import { percentile } from '../replay/figures';
import type { Proof } from './proof';
import type { SharedKeys, SharedLimit } from './shared';

/** One stretch of load. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** Milliseconds from the first try of each request to its decision. */
  readonly latencies: readonly number[];
  /** Why requests were repeated, and how often. */
  readonly repeats: readonly (readonly [why: string, count: number])[];
  readonly notApplied: readonly string[];
}

export interface Trial {
  readonly keys: SharedKeys;
  readonly limit: SharedLimit;
  readonly phases: readonly Phase[];
  readonly proof: Proof;
  /** What `npm run ops -- check` thinks of it. */
  readonly isWell: boolean;
}

/** Everything that should not be; empty when the trial is passed. */
export function findingsOf({ keys, limit, phases, proof, isWell }: Trial): string[] {
  const accepted = total(limit.accepted);
  return [
    ...keys.differing.map((texts) => `one key, several answers: ${texts}`),
    ...(accepted === limit.quota
      ? []
      : [`the limit of ${limit.quota} let ${accepted} requests pass`]),
    ...phases.flatMap(({ name, notApplied }) => notApplied.map((said) => `${name}: ${said}`)),
    ...proof.lost.map((what) => `lost: ${what}`),
    ...proof.twice.map((what) => `twice: ${what}`),
    ...proof.gaps.map((ticket) => `gap in the feed of ${ticket}`),
    ...(isWell ? [] : ['check found something wrong (see above)']),
  ];
}

/** Columns of the table of phases, with its head. */
export function phaseRows(phases: readonly Phase[]): string[][] {
  const head = ['load on', 'requests', 'per second', 'p50', 'p95', 'longest', 'repeated because'];
  return [head, ...phases.map(phaseRow)];
}

function phaseRow({ name, seconds, latencies, repeats }: Phase): string[] {
  const ms = (value: number | undefined) => `${Math.round(value ?? 0)} ms`;
  return [
    ...[name, String(latencies.length), (latencies.length / seconds).toFixed(1)],
    ...[ms(percentile(latencies, 0.5)), ms(percentile(latencies, 0.95))],
    ...[ms(percentile(latencies, 1)), repeats.map(([why, n]) => `${why} ${n}`).join(', ')],
  ];
}

/** What was shown beside the figures, one sentence a line. */
export function sentencesOf({ keys, limit, proof }: Trial): string[] {
  return [
    `One key, sent to every API at once: ${keys.sent} requests, ${keys.replayed} answers repeated, ` +
      `${keys.differing.length} that differ; longest wait ${Math.round(keys.longestMs)} ms.`,
    `One limit over all APIs: of ${limit.quota} a minute ${limit.accepted.join(' + ')} were accepted.`,
    `Proof: ${proof.commands} acknowledged commands on ${proof.tickets} tickets: ` +
      `${proof.lost.length} lost, ${proof.twice.length} twice, ${proof.gaps.length} feeds with gaps.`,
  ];
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);
