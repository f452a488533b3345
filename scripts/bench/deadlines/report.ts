/** Deadlines as Markdown. */
import { table } from '../../rig/markdown';
import { seconds } from '../../stack/progress';
import type { Cpu } from '../measure';
import { errorsText, placeLines, rounded } from '../report';
import type { BurstFigures } from './burst';
import type { Lateness } from './figures';
import type { OutageFigures } from './phases';
import type { DeadlineFindings } from './run';

export function deadlineReport(findings: DeadlineFindings): string {
  const { circumstances, sizes, idle, rest, spread, outage, bursts } = findings;
  const { resting, perSecond, spreadSeconds } = sizes;
  const open = resting + perSecond * spreadSeconds + sizes.outage;
  return [
    ...placeLines(circumstances),
    '',
    `With ${open} open incidents, each with two running clocks, over ${seconds(sizes.restMs)} in which nothing is due:`,
    '',
    ...restTable(idle, rest),
    'Lateness in milliseconds, from the true instant to the record.',
    '',
    ...latenessTable([[`breaches, ${perSecond} a second`, spread], ...bursts.map(burstLine)]),
    ...readerLines(bursts),
    'Milliseconds of CPU for each ticket while they drained:',
    '',
    ...cpuTable(bursts),
    ...outageLines(outage),
  ].join('\n');
}

function restTable(idle: DeadlineFindings['idle'], { memory, cpu }: DeadlineFindings['rest']) {
  const names = Object.keys(memory);
  const shares = new Map<string, number>(Object.entries(cpu));
  return table(
    ['', ...names],
    [
      ['MiB before the first ticket', ...names.map((name) => idle[name] ?? '-')],
      ['MiB with all of them', ...names.map((name) => memory[name] ?? '-')],
      ['% of a core', ...names.map((name) => rounded(shares.get(name)))],
    ],
  );
}

function burstLine({ event, lateness }: BurstFigures): [string, Lateness] {
  return [`${lateness.recorded} ${event} at one instant`, lateness];
}

export function latenessTable(lines: readonly (readonly [string, Lateness])[]): string[] {
  return table(
    ['deadlines', 'recorded', 'p50', 'p95', 'p99', 'longest', 'a second', 'wrong instants'],
    lines.map(([name, { recorded, p50, p95, p99, longest, perSecond, wrong }]) => [
      ...[name, recorded, ...[p50, p95, p99, longest, perSecond].map(rounded), wrong],
    ]),
  );
}

function cpuTable(bursts: readonly BurstFigures[]): string[] {
  return table(
    ['at one instant', 'API', 'worker', 'engine', 'PostgreSQL', 'bench', 'all'],
    bursts.map(({ event, lateness, cpu }) => [event, ...cpuTexts(cpu, lateness.recorded)]),
  );
}

function cpuTexts({ API, worker, Temporal, PostgreSQL, client }: Cpu, count: number): string[] {
  const each = [API, worker, Temporal, PostgreSQL, client].map((ms) => ms / count);
  return [...each, each.reduce((sum, one) => sum + one)].map((ms) => ms.toFixed(1));
}

function readerLines(bursts: readonly BurstFigures[]): string[] {
  return bursts.flatMap(({ readers }) =>
    readers === undefined
      ? []
      : [
          `While the breaches drained: ${readers.readings} reads of clocks, ${readers.ofUnhandled} of them of tickets whose breach had passed and was not recorded yet, ${readers.wrongReadings} wrong; ${readers.countings} lists of overdue tickets, ${readers.wrongCountings} wrong.`,
          '',
        ],
  );
}

function outageLines(outage: OutageFigures): string[] {
  const { seconds: gone, steps, tickets, firstMs, drainedMs, wrong, missing, commands } = outage;
  const [half, nearly, last] = [commands.p50, commands.p99, commands.longest].map(rounded);
  const cpu = cpuTexts(outage.cpu, tickets).join(', ');
  return [
    `Worker and engine were dead for ${gone} s, in which ${steps} steps of ${tickets} tickets fell due. After their start the first was recorded in ${seconds(firstMs)}, the last in ${seconds(drainedMs)}; ${wrong} with a wrong instant, ${missing} missing. Notices of the tickets whose whole ladder had passed: ${errorsText(outage.notices)}. Milliseconds of CPU for each ticket (API, worker, engine, PostgreSQL, bench, all): ${cpu}.`,
    '',
    `One caller meanwhile: p50 ${half} ms, p99 ${nearly}, at most ${last}; errors: ${errorsText(commands.errors)}.`,
    '',
  ];
}
