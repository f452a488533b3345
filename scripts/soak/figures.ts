/** What a soak measured: answers, how long a fault was felt, how late deadlines were acted on. Pure. */
import { percentile } from '../replay/figures';
import type { EventRow } from './check/evidence';
import { isExplained } from './check/explained';
import { faultKinds, type FaultKind, type Injected } from './fault';
import { isApplied, type Saying } from './saying';

/** Undefined: there was none. */
export type Spread = { readonly median: number; readonly longest: number } | undefined;

export interface Felt {
  readonly kind: FaultKind;
  readonly times: number;
  /** From the mend to the first command that was given after the fault began and was acknowledged. */
  readonly recoveryMs: Spread;
  /** From the first try to the decision, of acknowledged calls that met the fault. */
  readonly callMs: Spread;
}

export function feltOf(faults: readonly Injected[], sayings: readonly Saying[]): Felt[] {
  const acknowledged = sayings.flatMap((saying) =>
    saying.decidedAt !== undefined && isApplied(saying)
      ? [{ path: saying.path, at: saying.at, until: saying.decidedAt }]
      : [],
  );
  const commands = acknowledged
    .filter(({ path }) => path.includes('/actions/'))
    .sort((a, b) => a.until - b.until);
  return faultKinds.flatMap((kind) => {
    const own = faults.filter((fault) => fault.kind === kind);
    if (own.length === 0) return [];
    const recoveries = own.flatMap(({ from, to }) => {
      const first = commands.find(({ at, until }) => at >= from && until >= to);
      return first ? [first.until - to] : [];
    });
    const calls = own.flatMap(({ from, to }) =>
      acknowledged
        .filter(({ at, until }) => at <= to && from <= until)
        .map(({ at, until }) => until - at),
    );
    return [{ kind, times: own.length, recoveryMs: spread(recoveries), callMs: spread(calls) }];
  });
}

function spread(values: readonly number[]): Spread {
  const median = percentile(values, 0.5);
  return median === undefined ? undefined : { median, longest: Math.max(...values) };
}

export interface Lateness {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

/** From the instant at which something was due to its line in the feed, in ms; apart from faults, and near them. */
export function latenessOf(
  events: readonly EventRow[],
  faults: readonly Injected[],
): { readonly apart: Lateness; readonly near: Lateness } {
  const due = events.filter(({ via }) => via === 'engine');
  const isNear = ({ at, recordedAt }: EventRow) =>
    isExplained(faults, { from: at, to: recordedAt });
  const late = (some: readonly EventRow[]): Lateness => {
    const ms = some.map(({ at, recordedAt }) => recordedAt - at);
    return {
      count: ms.length,
      median: percentile(ms, 0.5) ?? 0,
      p99: percentile(ms, 0.99) ?? 0,
      longest: ms.reduce((most, one) => Math.max(most, one), 0),
    };
  };
  return { apart: late(due.filter((one) => !isNear(one))), near: late(due.filter(isNear)) };
}
