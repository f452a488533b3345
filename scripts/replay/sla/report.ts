/** The comparison of clocks with the log's mark, as Markdown. */
import { msOf } from '../../../models/instant';
import { table } from '../../rig/markdown';
import { agreeing, elapsedBy, fit, guessed, judgeBy, taught, type Judge } from './fit';
import type { MarkedIncident } from './incident';
import { defaultsOfHoldfast } from './life';
import { always, business, counting, untils } from './reading';
import { observations, traits } from './trait';

type Incidents = readonly MarkedIncident[];

/** Lines of Markdown. Every second incident finds the targets, the others judge them. */
export function comparisonOf(incidents: Incidents): string[] {
  const learning = incidents.filter((_, index) => index % 2 === 0);
  const telling = incidents.filter((_, index) => index % 2 === 1);
  const clocks = clocksBy(learning);
  const [found, others] = [`${learning.length} incidents`, `the other ${telling.length}`];
  return [
    ...section('The log', 'Whatever is odd about it, and how often.', peculiarities(incidents)),
    ...section(
      'Agreement, one assumption at a time',
      `Each line changes what it names and keeps the rest. Targets were found on ${found}; the columns count ${others}: first the mark, then the clock. The last column is the other way round.`,
      agreements(learning, telling),
    ),
    ...section(
      'Why the rest do not agree',
      `Of all ${incidents.length} incidents, with the same targets; of several reasons the first one counts.`,
      disagreements(incidents, clocks),
    ),
    ...section(
      'Every combination',
      `How many agree of the ${found} that found the targets, and of ${others}. The last columns say what ends the promise.`,
      combinations(learning, telling),
    ),
    ...section(
      'Targets',
      'In hours round the clock, waiting counted, from all incidents: every target above the one and up to the other agrees equally well.',
      brackets(incidents),
    ),
  ];
}

function section(title: string, text: string, lines: readonly string[]): string[] {
  return [`## ${title}`, '', text, '', ...lines];
}

type Judges = readonly (readonly [name: string, judge: Judge])[];

function peculiarities(incidents: Incidents): string[] {
  const counted = [...observations, ...traits];
  const lines = counted.map(([name, holds]) => [name, incidents.filter(holds).length]);
  return table(['incidents', 'count'], lines);
}

function guessesBy(learning: Incidents): Judges {
  const closed = ({ firstClosedAt }: MarkedIncident) =>
    firstClosedAt === null ? null : msOf(firstClosedAt) / 1000;
  return [
    ['guess: always met', () => true],
    ['guess: by priority', guessed(learning, () => 0)],
    ['guess: by priority, closed by a date', guessed(learning, closed)],
  ];
}

const usual = { hours: business, waits: ['hold:customer'], until: 'Resolved rows' } as const;
const unpaused = { ...usual, hours: always, waits: [] } as const;
const closing = { ...unpaused, until: 'first Closed row' } as const;

function clocksBy(learning: Incidents): Judges {
  return [
    ['A: the defaults of Holdfast', judgeBy(defaultsOfHoldfast, usual)],
    ['B: targets found, Mon-Fri 09-17', taught(learning, usual)],
    ['C: round the clock', taught(learning, { ...usual, hours: always })],
    ['D: waiting counts', taught(learning, unpaused)],
    ['E: until `resolved_at`', taught(learning, { ...unpaused, until: 'resolved_at' })],
    ['F: until `closed_at`', taught(learning, { ...unpaused, until: 'closed_at' })],
    ['G: until the first Closed row', taught(learning, closing)],
  ];
}

function agreements(learning: Incidents, telling: Incidents): string[] {
  const swapped = judgesBy(telling).map(([, judge]) => shareOf(learning, judge));
  const lines = judgesBy(learning).map(([name, judge], index) => {
    const pairs = telling.map((one) => `${wordOf(one.isMet)}/${wordOf(judge(one))}`);
    return [
      name,
      ...kinds.map((kind) => pairs.filter((pair) => pair === kind).length),
      pairs.filter((pair) => !kinds.includes(pair)).length,
      shareOf(telling, judge),
      swapped[index] ?? '',
    ];
  });
  return table(['assumption', ...kinds, 'no instant', 'agree', 'swapped'], lines);
}

const judgesBy = (teachers: Incidents): Judges => [...guessesBy(teachers), ...clocksBy(teachers)];

function shareOf(some: Incidents, judge: Judge): string {
  const agree = agreeing(some, judge);
  return `${agree} (${((100 * agree) / some.length).toFixed(1)} %)`;
}

const kinds = ['met/met', 'missed/missed', 'met/missed', 'missed/met'];

function wordOf(isMet: boolean | null): string {
  if (isMet === null) return 'no instant';
  return isMet ? 'met' : 'missed';
}

function disagreements(incidents: Incidents, clocks: Judges): string[] {
  const reasons = clocks.map(([, judge]) =>
    incidents
      .filter((one) => judge(one) !== one.isMet)
      .map((one) => traits.find(([, holds]) => holds(one))?.[0] ?? otherwise),
  );
  const lines = [...traits.map(([name]) => name), otherwise].map((reason) => [
    reason,
    ...reasons.map((some) => some.filter((one) => one === reason).length),
  ]);
  const letters = clocks.map(([name]) => name.slice(0, 1));
  return table(['reason', ...letters], [...lines, ['together', ...reasons.map((s) => s.length)]]);
}

const otherwise = 'none of these';

function combinations(learning: Incidents, telling: Incidents): string[] {
  const lines = counting.map(({ hours, waits }) => {
    const cells = untils.map((until) => {
      const judge = taught(learning, { hours, waits, until });
      return `${agreeing(learning, judge)}, ${agreeing(telling, judge)}`;
    });
    return [hours.name, waits.join(', ') || 'none', ...cells];
  });
  return table(['calendar', 'pauses', ...untils], lines);
}

function brackets(incidents: Incidents): string[] {
  const hours = (seconds: number) => (seconds / 3600).toFixed(2);
  const lines = [unpaused, closing].flatMap((reading) =>
    [...fit(incidents, elapsedBy(reading))].map(([priority, { over, upTo, ...counts }]) => [
      ...[reading.until, priority, hours(over), hours(upTo)],
      ...[counts.agreeing, counts.incidents],
    ]),
  );
  return table(['until', 'priority', 'above', 'up to', 'agree', 'incidents'], lines);
}
