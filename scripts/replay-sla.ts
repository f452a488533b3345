/** `npm run replay:sla`: clocks of the UCI log's own instants beside its mark `made_sla`. No server. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { incidentsOf } from './replay/sla/incident';
import { comparisonOf } from './replay/sla/report';
import { readLog } from './replay/uci/log-row';
import { underMark } from './rig/markdown';
import { messageOf } from './stack/failure';

const place = {
  title: 'The UCI log by its own instants',
  mark: '<!-- Below this line the program writes. -->',
};

main(process.argv.slice(2));

function main([log, path, ...others]: readonly string[]): void {
  try {
    if (log === undefined || path === undefined || others.length > 0)
      throw new Error('Usage: npm run replay:sla -- <csv> <report>');
    const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    writeFileSync(path, underMark(present, place, compared(log)));
    console.log(`The report is in ${path}`);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

function compared(log: string): string {
  const since = performance.now();
  const rows = readLog(readFileSync(log, 'utf8'));
  if (rows.length === 0) throw new Error('The log has no rows.');
  const incidents = incidentsOf(rows);
  const lines = comparisonOf(incidents);
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const run = `\`${basename(log)}\`: ${rows.length} rows, ${incidents.length} incidents. All below took ${seconds} s, reading included (${cpus().length} cores, Node ${process.version}).`;
  return ['## The run', '', run, '', ...lines].join('\n');
}
