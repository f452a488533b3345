/** One ticket takes thousands of facts; the others are to go on at their usual speed. */
import { setTimeout as pause } from 'node:timers/promises';
import { openDoor } from '../../replay/door';
import { percentile } from '../../replay/figures';
import { seconds } from '../../stack/progress';
import { until } from '../../stack/wait';
import type { Signal } from '../check/evidence';
import { liveLives } from '../crowd';
import { diceOf } from '../dice';
import type { Stage } from '../stage';
import { sendMessages, versionOf } from './messages';
import { openStoryTicket, owedSignals } from './story-ticket';

const others = 6;
const usualMs = 30_000;
const patienceMs = 1_800_000;

/** Figures of the others before and meanwhile. */
export async function noisy(
  stage: Stage,
  facts: number,
): Promise<{ readonly lines: readonly string[]; readonly signals: readonly Signal[] }> {
  const usual = await amongOthers(stage, 'before', () => pause(usualMs));
  const { id, place, opened } = await openStoryTicket(stage, 'Is noisy');
  const signals = [opened];
  let took = 0;
  const meanwhile = await amongOthers(stage, 'meanwhile', async () => {
    const since = performance.now();
    const before = await versionOf(place, id);
    signals.push(...owedSignals(id, await sendMessages(place, id, facts)));
    const isTaken = async () => (await versionOf(place, id)) >= before + facts;
    await until(isTaken, { what: `${facts} facts`, withinMs: patienceMs, everyMs: 500 });
    took = performance.now() - since;
  });
  return {
    lines: [
      `A noisy ticket: ${facts} facts taken in ${seconds(took)}. Commands of others: ` +
        `before p50 ${usual.median} ms, p95 ${usual.p95} ms (${usual.count}); ` +
        `meanwhile p50 ${meanwhile.median} ms, p95 ${meanwhile.p95} ms (${meanwhile.count}).`,
    ],
    signals,
  };
}

interface Pace {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

/** Commands of a small crowd while something else goes on. */
async function amongOthers(
  { rig, desks }: Stage,
  name: string,
  story: () => Promise<void>,
): Promise<Pace> {
  const durations: number[] = [];
  let isOver = false;
  const places = desks.map((desk) => ({
    desk,
    door: openDoor(rig.addresses, desk.password, ({ call, at, until: end, answer }) => {
      if (answer?.status === 200 && call.path.includes('/actions/')) durations.push(end - at);
    }),
  }));
  const crowd = {
    ...{ name, dice: diceOf(name), places },
    goesOn: () => !isOver,
    aside: () => Promise.resolve(),
  };
  const living = liveLives(crowd, others);
  try {
    await story();
  } finally {
    isOver = true;
    await living;
  }
  const at = (share: number) => Math.round(percentile(durations, share) ?? 0);
  return { count: durations.length, median: at(0.5), p95: at(0.95) };
}
