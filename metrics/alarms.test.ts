/** Holds dashboard and alarm rules against the code; `npm run alerts` tries the rules themselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openEngine } from '../engine/client';
import { alarms, metricsAsked, metricsOn } from '../tests/alarms';
import { processes } from '../workflows/registry';
import { apiMeters } from './api';
import { workerMeters } from './worker';

const operations = readFileSync(join(__dirname, '..', 'docs', 'operations.md'), 'utf8');
const away = () => Promise.reject(new Error('away'));
const poolUse = () => ({ open: 0, idle: 0, most: 0, waiting: 0 });
const queries = { inOrganization: away, inSnapshot: away, once: away, unscoped: away };
const database = { ...queries, poolUse, close: away };
const readiness = () => Promise.resolve({ ready: true, parts: {} });

/** The pages of both processes, with nothing behind them. */
async function ownMetrics(): Promise<Set<string>> {
  const engine = openEngine({ address: '127.0.0.1:1', namespace: 'none', taskQueue: 'none' });
  const sdkPage = () => Promise.resolve('');
  const log = pino({ level: 'silent' });
  const worker = workerMeters({ database, processes, sdkPage, log }).pages(readiness);
  const pages = [apiMeters(database, engine, readiness).page(), worker.metrics()];
  const names = (await Promise.all(pages)).flatMap((page) => [...metricsOn(page)]);
  await engine.close();
  return new Set(names);
}

describe('dashboard and alarm rules', () => {
  it('ask only for metrics that there are', async () => {
    const own = await ownMetrics();
    const asked = [...metricsAsked()].filter((name) => !name.startsWith('temporal_'));
    expect(asked).toContain('holdfast_http_requests_total');
    expect(asked.filter((name) => !own.has(name))).toEqual([]);
  });

  it('leave none of our own metrics unused', async () => {
    const asked = metricsAsked();
    const own = [...(await ownMetrics())].filter((name) => name.startsWith('holdfast_'));
    expect(own.filter((name) => !asked.has(name))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  const headings = operations.match(/^#+ .*$/gm) ?? [];

  it.each(alarms())('says what to do about $name', ({ name, runbook, severity }) => {
    expect(runbook).toBe(`docs/operations.md#${name.toLowerCase()}`);
    expect(headings).toContain(`### ${name}`);
    expect(['critical', 'warning']).toContain(severity);
  });

  it('has no heading for an alarm that there is not', () => {
    const named = headings.filter((heading) => heading.startsWith('### Holdfast'));
    expect(named).toEqual(alarms().map(({ name }) => `### ${name}`));
  });

  it('lists every metric of ours with its meaning', async () => {
    const own = [...(await ownMetrics())].filter((name) => name.startsWith('holdfast_'));
    expect(own.filter((name) => !operations.includes(`| \`${name}\``))).toEqual([]);
  });
});
