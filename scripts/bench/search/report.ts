/** Searches as Markdown. */
import { table } from '../../rig/markdown';
import { errorsText, placeLines, rounded } from '../report';
import type { SearchFindings } from './run';

export function searchReport({ circumstances, sizes, lines }: SearchFindings): string {
  return [
    ...placeLines(circumstances),
    '',
    `Among ${sizes.total} tickets, 10 % of them open, 20 % with comments, three of four English and the rest German, of ${sizes.requesters} requesters; ${sizes.knownErrors} known errors. Milliseconds.`,
    '',
    ...table(
      ['', 'at once', 'requests', 'p50', 'p95', 'p99', 'longest', 'API', 'PostgreSQL', 'errors'],
      lines.map(({ what, atOnce, figures }) => [
        ...[what, atOnce, figures.requests],
        ...[figures.p50, figures.p95, figures.p99, figures.longest].map(rounded),
        ...[figures.cpu.API, figures.cpu.PostgreSQL].map(rounded),
        errorsText(figures.errors),
      ]),
    ),
  ].join('\n');
}
