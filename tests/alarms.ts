/** What dashboard and alarm rules ask Prometheus for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const folder = join(__dirname, '..', 'deploy', 'observability');

const Dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({
      title: z.string(),
      targets: z.array(z.looseObject({ expr: z.string() })).optional(),
    }),
  ),
});

export interface Alarm {
  readonly name: string;
  /** What it points operators to. */
  readonly runbook: string;
  readonly severity: string;
}

/** Every alarm rule, read line by line: the file has one form. */
export function alarms(): Alarm[] {
  const [, ...rules] = rulesText().split(/^ +- alert: /m);
  return rules.map((rule) => {
    const entry = (key: string) => new RegExp(`^ +${key}: (.+)$`, 'm').exec(rule)?.[1] ?? '';
    const name = rule.split('\n')[0] ?? '';
    return { name, runbook: entry('runbook'), severity: entry('severity') };
  });
}

/** Names of metrics, without what a histogram adds; `up` is Prometheus's own. */
export function metricsAsked(): ReadonlySet<string> {
  const text = [rulesText(), ...expressions()].join('\n');
  const names = text.match(/\b(?:holdfast|temporal|process|nodejs)_\w+/g) ?? [];
  return new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
}

/** Names of metrics on a page of Prometheus text format. */
export function metricsOn(page: string): ReadonlySet<string> {
  return new Set([...page.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
}

function rulesText(): string {
  return readFileSync(join(folder, 'alerts.yml'), 'utf8');
}

function expressions(): string[] {
  const text = readFileSync(join(folder, 'dashboard.json'), 'utf8');
  const { panels } = Dashboard.parse(JSON.parse(text));
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}
