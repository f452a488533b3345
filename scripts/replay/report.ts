/** The report of a replay as Markdown. */
import { table, underMark } from '../rig/markdown';
import type { Figures } from './door';
import { percentile, Tally } from './figures';
import { stopsOf } from './sequence';
import type { Telling } from './telling';
import type { RowFate, RowTale } from './turn';
import { endsAsTheLog, type Verdict } from './verdict';

export interface Story {
  /** Date, machine, stack: one line each. */
  readonly circumstances: readonly string[];
  readonly rows: number;
  /** Rows that an earlier run had done. */
  readonly recalled: number;
  readonly elapsedMs: number;
  readonly tales: readonly RowTale[];
  readonly verdicts: readonly Verdict[];
  readonly figures: Figures;
  /** As what it was told. */
  readonly telling: Pick<Telling, 'path' | 'wayThrough'>;
}

export function reportOf(story: Story): string {
  return [
    '## The run',
    '',
    ...story.circumstances.map((line) => `- ${line}`),
    '',
    ...overview(story),
    ...endings(story.verdicts),
    ...likenesses(story),
    ...rowFates(story),
    ...speeds(story),
    ...differing(story.verdicts),
  ].join('\n');
}

function overview(story: Story): string[] {
  const { rows, recalled, elapsedMs, tales, verdicts, figures } = story;
  const count = (some: readonly RowTale[]) => some.reduce((sum, one) => sum + one.commands, 0);
  const commands = count(tales);
  const now = count(tales.slice(recalled));
  const seconds = elapsedMs / 1000;
  return table(
    ['figure', 'value'],
    [
      ['tickets', verdicts.length],
      ['rows of the log', rows],
      ['rows explained', tales.length],
      ['commands sent (openings included)', commands],
      ['refused', figures.refusals.total],
      ...(recalled === 0
        ? []
        : [
            ['rows taken over from earlier runs', recalled],
            ['commands sent by this run', now],
          ]),
      ['time', `${seconds.toFixed(1)} s`],
      ['commands per second', (now / seconds).toFixed(1)],
      ['requests repeated', sayTally(figures.repeats)],
      ['answers replayed from an earlier run', figures.replayed.total],
    ],
  );
}

function endings(verdicts: readonly Verdict[]): string[] {
  const ends = new Tally();
  for (const { endOfLog, end } of verdicts)
    ends.add(`${endOfLog ?? 'none'}|${end ?? 'not opened'}`);
  const right = verdicts.filter(endsAsTheLog).length;
  return [
    '## End states',
    '',
    `${right} of ${verdicts.length} tickets end where the log ends.`,
    '',
    ...table(
      ['end in the log', 'end in Holdfast', 'tickets'],
      ends.sorted().map(([pair, count]) => [...pair.split('|'), count]),
    ),
    ...otherEnds(verdicts.filter((one) => !endsAsTheLog(one))),
  ];
}

/** Why tickets end elsewhere, by kind. */
function otherEnds(others: readonly Verdict[]): string[] {
  if (others.length === 0) return [];
  const whys = new Tally();
  for (const { because, endOfLog, end } of others) {
    whys.add(`${endOfLog ?? 'none'}|${end ?? 'not opened'}|${because ?? 'not explained'}`);
  }
  return [
    '### Other ends, by the last move that was not made',
    '',
    ...table(
      ['end in the log', 'end in Holdfast', 'move', 'tickets'],
      whys.sorted().map(([kind, count]) => [...kind.split('|'), count]),
    ),
  ];
}

const likenessWords = (born: string) => ({
  equal: 'the same, place by place',
  equalAfterBirth: `the same; the log begins in the middle of a life, ours is born \`${born}\` first`,
  bridged: 'the same with the stops that our process makes where the log jumps',
  withoutUnknown: 'the same, without moves that our process does not know',
  different: 'different',
});

function likenesses({ verdicts, telling }: Story): string[] {
  const words = likenessWords(telling.wayThrough([]).join(', '));
  const kinds = Object.entries(words).map(([kind, said]) => [
    said,
    verdicts.filter(({ likeness }) => likeness === kind).length,
  ]);
  return [
    '## Sequences of states',
    '',
    `Read back from the feed of each ticket (\`GET ${telling.path}/{id}/events\`) and compared with the log, mapped.`,
    '',
    ...table(['sequence', 'tickets'], kinds),
    ...stops(verdicts.filter(({ likeness }) => likeness === 'bridged')),
  ];
}

/** What parts the bridged ones from the log, by kind. */
function stops(bridged: readonly Verdict[]): string[] {
  if (bridged.length === 0) return [];
  const kinds = new Tally();
  for (const { told, went } of bridged) for (const stop of stopsOf(told, went)) kinds.add(stop);
  return [
    '### Stops that our process makes',
    '',
    ...table(['from → stop → to', 'stops'], kinds.sorted()),
  ];
}

const fateWords: Readonly<Record<RowFate, string>> = {
  applied: 'applied: every command was taken',
  merged: 'merged: nothing that Holdfast keeps changed',
  bridged: 'bridged: several steps where the log makes one',
  refused: 'refused',
  impossible: 'impossible: our process has no way there',
};

function rowFates({ tales }: Story): string[] {
  const fates = new Tally();
  for (const { fate } of tales) fates.add(fateWords[fate]);
  return [
    '## Rows of the log',
    '',
    ...table(['what became of it', 'rows'], fates.sorted()),
    ...reasons(tales, 'bridged', 'Bridges', 'way'),
    ...reasons(tales, 'merged', 'Merged rows by the columns that they changed', 'columns'),
    ...reasons(tales, 'refused', 'Refused rows', 'command and code'),
    ...reasons(tales, 'impossible', 'Impossible moves', 'move'),
  ];
}

function reasons(
  tales: readonly RowTale[],
  wanted: RowFate,
  title: string,
  column: string,
): string[] {
  const whys = new Tally();
  for (const { fate, why } of tales) if (fate === wanted) whys.add(why);
  if (whys.total === 0) return [`### ${title}`, '', 'None.', ''];
  return [`### ${title}`, '', ...table([column, 'rows'], whys.sorted())];
}

function speeds({ figures }: Story): string[] {
  const all = [...figures.latencies.values()].flat();
  const lines = [...figures.latencies]
    .map(([kind, values]) => [kind, values] as const)
    .sort(([, a], [, b]) => b.length - a.length);
  return [
    '## Latency in milliseconds',
    '',
    'From the first try to the decision, as the caller sees it.',
    '',
    ...table(
      ['command', 'count', 'p50', 'p95', 'p99', 'longest'],
      [['all', all] as const, ...lines].map(([kind, values]) => [
        kind,
        values.length,
        ...[0.5, 0.95, 0.99, 1].map((share) => (percentile(values, share) ?? 0).toFixed(0)),
      ]),
    ),
    '### Refused commands',
    '',
    ...(figures.refusals.total === 0
      ? ['None.', '']
      : table(['command and code', 'count'], figures.refusals.sorted())),
  ];
}

/** Tickets whose end or order of states is not that of the log. */
function differing(verdicts: readonly Verdict[]): string[] {
  // Stops and unknown moves are what parts the rest from the log; they are counted above by kind.
  const others = verdicts.filter((one) => !endsAsTheLog(one) || one.likeness === 'different');
  const title = ['## Tickets that differ from the log', ''];
  if (others.length === 0) return [...title, 'None.', ''];
  const ranked = others.sort((one, other) => rankOf(one) - rankOf(other));
  const rest = others.length - mostListed;
  return [
    ...title,
    ...(rest > 0 ? [`${others.length}, of which the ${mostListed} that differ most:`, ''] : []),
    ...table(
      ['ticket', 'in Holdfast', 'the log', 'Holdfast', 'verdict'],
      ranked
        .slice(0, mostListed)
        .map((one) => [
          one.ticket,
          one.number ?? 'not opened',
          one.told.join(', '),
          one.went.join(', '),
          endsAsTheLog(one) ? one.likeness : 'other end',
        ]),
    ),
  ];
}

const mostListed = 40;

/** Other ends first, then other ways. */
function rankOf(one: Verdict): number {
  return endsAsTheLog(one) ? 1 : 0;
}

function sayTally(tally: Tally): string {
  if (tally.total === 0) return 'none';
  return tally
    .sorted()
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');
}

const place = {
  title: 'Replay of a foreign log',
  mark: '<!-- Below this line the replay writes. -->',
};

/** The report below what people wrote above the mark. */
export function underHead(present: string | undefined, report: string): string {
  return underMark(present, place, report);
}
