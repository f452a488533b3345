/** The figures as Markdown. */
import { table, underMark } from '../rig/markdown';
import { seconds } from '../stack/progress';
import type { AccessLine } from './access';
import type { ApprovalFigures } from './approvals';
import type { Histories, HistorySize } from './history';
import type { Circumstances } from './machine';
import type { Cpu, Figures } from './measure';
import type { Line } from './rounds';
import type { Findings } from './run';
import type { TimerFigures } from './timers';
import type { Sizes } from './wish';

export function reportOf(findings: Findings): string {
  const { circumstances, sizes, speed, timers, access, histories, startUp, memory } = findings;
  const { approvals } = findings;
  return [
    '## Figures',
    '',
    ...machineLines(circumstances, sizes),
    '',
    '### Operations',
    '',
    'Latencies in milliseconds; the last six columns are milliseconds of CPU for each request.',
    '',
    ...speedTable(speed),
    ...backlogLines(speed),
    '### Timers',
    '',
    'Lateness in milliseconds.',
    '',
    ...timerTable(timers, sizes),
    '### Approvals',
    '',
    ...approvalLines(approvals),
    '### People and access',
    '',
    ...accessTable(access),
    '### Histories',
    '',
    ...historyTable(histories),
    '### Start-up and memory',
    '',
    `From nothing to ready, a new database cluster included: ${seconds(startUp.coldMs)}. Everything stopped and started again: ${seconds(startUp.restartMs)}.`,
    '',
    ...table(
      ['MiB', ...Object.keys(memory.idle)],
      [
        ['idle', ...Object.values(memory.idle)],
        ['after the load', ...Object.values(memory.loaded)],
      ],
    ),
  ].join('\n');
}

const place = { title: 'Benchmarks', mark: '<!-- Below this line the bench writes. -->' };

/** The report below what people wrote above the mark. */
export function underHead(present: string | undefined, report: string): string {
  return underMark(present, place, report);
}

function machineLines(where: Circumstances, sizes: Sizes): string[] {
  return [
    ...placeLines(where),
    `- ${sizes.rounds} slices of ${seconds(sizes.sliceMs)} each; ${sizes.listed} tickets in the list.`,
  ];
}

/** When, where and how loaded. */
export function placeLines(where: Circumstances): string[] {
  const { cores, processor, memoryGiB, node, postgres, temporal } = where;
  return [
    `- ${where.at.slice(0, 16).replace('T', ' ')} UTC, commit ${where.commit ?? 'unknown'}.`,
    `- ${cores} cores (${processor}), ${memoryGiB} GiB; Node ${node}, PostgreSQL ${postgres}, Temporal ${temporal}; everything, the bench too, on this one machine.`,
    `- Load of the machine before (1 min): ${where.loadBefore.toFixed(2)}.`,
  ];
}

/** `bare` lines follow what they are compared with. */
export function speedTable(lines: readonly Line[]): string[] {
  const rows = lines.flatMap(({ operation, atOnce, figures, bare }) => {
    const ours = speedRow(operation, atOnce, figures, ratio(figures, bare));
    return bare === undefined ? [ours] : [ours, speedRow(`bare ${operation}`, atOnce, bare, '')];
  });
  return table(
    [
      ...['operation', 'at once', 'requests/s', 'of bare', 'p50', 'p95', 'p99', 'longest'],
      ...['errors', 'API', 'worker', 'engine', 'PostgreSQL', 'client', 'all'],
    ],
    rows,
  );
}

function speedRow(name: string, atOnce: number, figures: Figures, ratioText: string): string[] {
  const { perSecond, p50, p95, p99, longest, errors, cpu } = figures;
  return [
    ...[name, String(atOnce), rounded(perSecond), ratioText],
    ...[p50, p95, p99, longest].map(rounded),
    errorsText(errors),
    ...cpuTexts(cpu),
  ];
}

function ratio(ours: Figures, bare: Figures | undefined): string {
  return bare === undefined ? '' : (ours.perSecond / bare.perSecond).toFixed(2);
}

export function errorsText(errors: Figures['errors']): string {
  const texts = Object.entries(errors).map(([what, count]) => `${count} x ${what}`);
  return texts.length === 0 ? '0' : texts.join(', ');
}

function cpuTexts({ API, worker, Temporal, PostgreSQL, client }: Cpu): string[] {
  const each = [API, worker, Temporal, PostgreSQL, client];
  return [...each, each.reduce((sum, one) => sum + one)].map((ms) => ms.toFixed(1));
}

/** Answered is not always done: a life takes its first task after the ticket was answered. */
function backlogLines(lines: readonly Line[]): string[] {
  const longest = Math.max(
    ...lines.flatMap(({ figures, bare }) => [figures.settledMs, bare?.settledMs ?? 0]),
  );
  return [
    `What answers left to be done was done at most ${seconds(longest)} after a slice; its CPU is counted.`,
    '',
  ];
}

function timerTable({ spread, atOnce }: Findings['timers'], { spreadSeconds }: Sizes): string[] {
  const row = (name: string, { acted, timers, lateness, perSecond, commands }: TimerFigures) => [
    ...[name, `${acted} of ${timers}`],
    ...[lateness.p50, lateness.p95, lateness.p99, lateness.longest, perSecond].map(rounded),
    ...[commands.p50, commands.p95, commands.p99, commands.longest].map(rounded),
    errorsText(commands.errors),
  ];
  return table(
    [
      ...['timers', 'acted', 'p50', 'p95', 'p99', 'longest', 'a second'],
      ...['command p50', 'p95', 'p99', 'longest', 'errors'],
    ],
    [row(`over ${spreadSeconds} s`, spread), row('at one instant', atOnce)],
  );
}

/** CPU only where one thing was done at a time. */
export function accessTable(lines: readonly AccessLine[]): string[] {
  const rows = lines.map(({ what, atOnce, figures }) => {
    const { perSecond, p50, p95, p99, longest, errors, cpu } = figures;
    return [
      ...[what, String(atOnce), rounded(perSecond)],
      ...[p50, p95, p99, longest].map(rounded),
      errorsText(errors),
      ...[cpu?.API, cpu?.PostgreSQL].map(rounded),
    ];
  });
  return table(
    [
      ...['request', 'at once', 'requests/s', 'p50', 'p95', 'p99', 'longest', 'errors'],
      ...['API', 'PostgreSQL'],
    ],
    rows,
  );
}

function approvalLines({ answers, goesOn, history }: ApprovalFigures): string[] {
  const { rounds, p50, p95, p99, longest } = goesOn;
  const [half, most, nearly, last] = [p50, p95, p99, longest].map(rounded);
  return [
    ...accessTable(answers),
    `From the commit of the answer to that of the next step of the ticket that waited for it: p50 ${half} ms, p95 ${most}, p99 ${nearly}, at most ${last}, over ${rounds} rounds, most of them under the full load of answers.`,
    '',
    `A round with one answer: ${history.events} events, ${history.bytes} bytes.`,
    '',
  ];
}

function historyTable({ usualLife, openAndCommand, bareOpenAndCommand }: Histories): string[] {
  const row = (name: string, { events, bytes }: HistorySize) => [name, events, bytes];
  return table(
    ['life', 'events', 'bytes'],
    [
      row('opened, assigned, started, commented, resolved, closed', usualLife),
      row('opened, resolved', openAndCommand),
      row('bare: opened, one command', bareOpenAndCommand),
    ],
  );
}

/** Three digits are all that a bench can promise. */
export function rounded(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
