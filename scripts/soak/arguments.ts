/** What the command line asks for. */
import { parseArgs } from 'node:util';
import { faultKinds, type FaultKind } from './fault';

export interface Wish {
  readonly minutes: number;
  /** At least so many lives; undefined = as many as begin in the time. */
  readonly lives: number | undefined;
  readonly faults: readonly FaultKind[];
  /** Mean time from the mend of a fault to the next one. */
  readonly everySeconds: number;
  readonly seed: string;
  /** Lives that go on at the same time. */
  readonly crowd: number;
  /** Keep the folder also when nothing is found. */
  readonly keep: boolean;
  /** Tell the two long stories, too. */
  readonly stories: boolean;
  /** How many messages of the first one meet the end of a run, how many facts the second one's ticket takes. */
  readonly messages: number;
  readonly facts: number;
}

export const usage = `Usage: npm run soak [-- --minutes N] [--lives N] [--faults LIST] [--seed S]
  --minutes N    how long lives are begun and faults injected (5)
  --lives N      go on until so many lives were begun
  --faults LIST  of ${faultKinds.join(', ')}
                 a word such as kill means all that begin with it; none = no faults, and then
                 nothing may have been repaired or done twice (all)
  --every N      seconds from the mend of one fault to the next, on average (7)
  --seed S       what chance follows; a run prints its own
  --crowd N      lives that go on at the same time (16)
  --stories      at the end two that are too long for chance (about 20 minutes): messages in the very
                 task that ends a run, and facts on one noisy ticket
  --messages N   of the first story (1000)
  --facts N      of the second (10000)
  --keep         keep record and logs also when nothing is found
It starts an installation of its own and removes it. Out of scope: a step of PostgreSQL's clock,
the one clock that all processes share.`;

/** Reads the arguments; `help` when it was asked for. Throws with what is wrong and how it is used. */
export function readArguments(given: readonly string[], anySeed: () => string): Wish | 'help' {
  const values = parsed(given);
  if (values.help) return 'help';
  return {
    minutes: positive('minutes', values.minutes),
    lives: values.lives === undefined ? undefined : Math.ceil(positive('lives', values.lives)),
    faults: faultsOf(values.faults),
    everySeconds: positive('every', values.every),
    seed: values.seed ?? anySeed(),
    crowd: Math.ceil(positive('crowd', values.crowd)),
    keep: values.keep,
    stories: values.stories,
    messages: Math.ceil(positive('messages', values.messages)),
    facts: Math.ceil(positive('facts', values.facts)),
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        help: { type: 'boolean', default: false },
        minutes: { type: 'string', default: '5' },
        lives: { type: 'string' },
        faults: { type: 'string', default: 'all' },
        every: { type: 'string', default: '7' },
        seed: { type: 'string' },
        crowd: { type: 'string', default: '16' },
        keep: { type: 'boolean', default: false },
        stories: { type: 'boolean', default: false },
        messages: { type: 'string', default: '1000' },
        facts: { type: 'string', default: '10000' },
      },
    }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function faultsOf(list: string): readonly FaultKind[] {
  if (list === 'all') return faultKinds;
  if (list === 'none') return [];
  const found = list.split(',').map((word) => {
    const kinds = faultKinds.filter((kind) => kind === word || kind.startsWith(`${word}-`));
    if (kinds.length === 0) throw wrong(`--faults knows no ${JSON.stringify(word)}.`);
    return kinds;
  });
  return [...new Set(found.flat())];
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw wrong(`--${name} must be a number above 0, not ${text}.`);
}

function wrong(message: string): Error {
  return new Error(`${message}\n${usage}`);
}
