/** What a soak says in the end. Pure. */
import type { Finding } from './check/evidence';
import { feltOf, latenessOf, type Lateness, type Spread } from './figures';
import type { Soaked } from './run';

const shownOfEach = 20;

export function summaryOf(soaked: Soaked): string[] {
  const { lives, minutes, evidence, answers, findings, endings } = soaked;
  const { rows, faults, sayings, signals, logged } = evidence;
  const lateness = latenessOf(rows.events, faults);
  return [
    '',
    `Lives: ${lives} begun by callers, ${rows.tickets.length} tickets, in ${minutes.toFixed(1)} minutes; ` +
      `${rows.events.length} facts, ${rows.notices.length} notices, ${sayings.length} calls, ${signals.length} signals.`,
    '',
    'Tries by answer:',
    ...answers.sorted().map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`),
    '',
    `Faults: ${faults.length}. In ms: recovery from the mend to the next command, calls that met it.`,
    ...feltOf(faults, sayings).map(
      ({ kind, times, recoveryMs, callMs }) =>
        `  ${String(times).padStart(4)}  ${kind.padEnd(17)} recovery ${pair(recoveryMs)}   calls ${pair(callMs)}`,
    ),
    '',
    `Deadlines acted on, apart from faults: ${late(lateness.apart)}`,
    `Deadlines acted on, near faults:       ${late(lateness.near)}`,
    `Watchdog repairs: ${logged.repairs.length}; causes found already done: ${logged.known.length}; ` +
      `processes that ended by themselves: ${endings.length}; refused facts: ${rows.refusals.length}.`,
    '',
    ...foundLines(findings),
  ];
}

const pair = (spread: Spread) => `p50 ${whole(spread?.median)} max ${whole(spread?.longest)}`;

const whole = (ms: number | undefined) =>
  (ms === undefined ? '-' : String(Math.round(ms))).padStart(6);

const late = ({ count, median, p99, longest }: Lateness) =>
  `${count}, late p50 ${median} ms, p99 ${p99} ms, max ${longest} ms`;

/** What was found against which proof, or that nothing was. */
export function foundLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['Nothing was found: every proof holds.'];
  const proofs = [...new Set(findings.map(({ proof }) => proof))];
  return proofs.flatMap((proof) => {
    const own = findings.filter((one) => one.proof === proof);
    const shown = own.slice(0, shownOfEach).map(({ ticket, detail }) => `  ${ticket}: ${detail}`);
    const more = own.length > shownOfEach ? [`  ... and ${own.length - shownOfEach} more`] : [];
    return [`FOUND against "${proof}": ${own.length}`, ...shown, ...more];
  });
}
