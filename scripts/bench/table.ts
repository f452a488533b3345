/** The figures as tables of Markdown. */
import { table } from '../rig/markdown';
import type { Cpu, Figures } from './measure';
import type { Line } from './rounds';

const head = [
  ...['operation', 'at once', 'requests/s', 'of bare', 'p50', 'p95', 'p99', 'errors'],
  ...['API', 'worker', 'engine', 'PostgreSQL', 'client', 'all'],
];

/** Milliseconds, CPU for each request; `bare` lines follow what they are compared with. */
export function speedTable(lines: readonly Line[]): string[] {
  const rows = lines.flatMap(({ operation, atOnce, figures, bare }) => {
    const ours = row(operation, atOnce, figures, ratio(figures, bare));
    return bare === undefined ? [ours] : [ours, row(`bare ${operation}`, atOnce, bare, '')];
  });
  return table(head, rows);
}

function row(name: string, atOnce: number, figures: Figures, ratioText: string): string[] {
  const { perSecond, p50, p95, p99, errors } = figures;
  return [
    ...[name, String(atOnce), rounded(perSecond), ratioText],
    ...[p50, p95, p99].map(rounded),
    errorsText(errors),
    ...cpuTexts(figures.cpu),
  ];
}

function ratio(ours: Figures, bare: Figures | undefined): string {
  return bare === undefined ? '' : (ours.perSecond / bare.perSecond).toFixed(2);
}

function errorsText(errors: Figures['errors']): string {
  const texts = Object.entries(errors).map(([what, count]) => `${count} x ${what}`);
  return texts.length === 0 ? '0' : texts.join(', ');
}

function cpuTexts({ API, worker, Temporal, PostgreSQL, client }: Cpu): string[] {
  const each = [API, worker, Temporal, PostgreSQL, client];
  return [...each, each.reduce((sum, one) => sum + one)].map((ms) => ms.toFixed(1));
}

/** Three digits are all that a bench can promise. */
export function rounded(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
