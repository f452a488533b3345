/** What repaired itself, was found done already, or went wrong, had a fault that explains it. Pure. */
import type { Injected } from '../fault';
import type { Line } from '../recorder';
import type { Evidence, Finding } from './evidence';

/** What a fault did may show for so long after it was mended. */
export const aftermathMs = 20_000;
/** The watchdog looks every 15 s for what is late by 60 s. */
const watchdogMs = 90_000;

/** Whether a fault lasted within this time, or had not long ended. */
export function isExplained(
  faults: readonly Injected[],
  time: { readonly from: number; readonly to: number },
  aftermath = aftermathMs,
): boolean {
  return faults.some(({ from, to }) => from <= time.to && time.from <= to + aftermath);
}

/** Repairs and causes found done. A cause that the soak itself sent twice explains itself. */
export function checkRepairs({ logged, faults, signals }: Evidence): Finding[] {
  const twice = new Set(signals.map(({ token }) => token));
  return [
    ...logged.repairs
      .filter(({ at, dueAt }) => !isExplained(faults, { from: dueAt, to: at }, watchdogMs))
      .map(({ at, dueAt, ticketId: ticket }) => ({
        proof: 'every repair is explained by a fault',
        ticket,
        detail: `the watchdog repaired at ${instant(at)} what was due at ${instant(dueAt)}`,
      })),
    ...logged.known
      .filter(({ at, cause }) => !twice.has(cause) && !isExplained(faults, { from: at, to: at }))
      .map(({ at, cause, ticketId: ticket }) => ({
        proof: 'every cause found already done is explained by a fault',
        ticket,
        detail: `${cause} at ${instant(at)}`,
      })),
  ];
}

/** 500s and lost answers outside of faults; 503 says that a part is away, which is no fault of the API. */
export function checkAnswer(line: Line, faults: readonly Injected[]): Finding[] {
  const { status, isGivenUp, kind, key, path, at, until } = line;
  const isLost = status === undefined && !isGivenUp;
  const isWrong = status !== undefined && status >= 500 && status !== 503;
  if (!isLost && !isWrong) return [];
  if (isExplained(faults, { from: at, to: until })) return [];
  const detail = `${kind} ${key} at ${instant(at)}: ${status ?? 'no answer'}`;
  return [{ proof: 'nothing fails without a fault', ticket: path, detail }];
}

const instant = (at: number) => new Date(at).toISOString();

/** Processes that ended by themselves. */
export function checkEndings(
  endings: readonly { readonly name: string; readonly at: number }[],
  faults: readonly Injected[],
): Finding[] {
  return endings
    .filter(({ at }) => !isExplained(faults, { from: at, to: at }))
    .map(({ name, at }) => ({
      proof: 'nothing fails without a fault',
      ticket: 'none',
      detail: `${name} ended by itself at ${instant(at)}`,
    }));
}
