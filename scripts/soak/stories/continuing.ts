/** Messages that arrive in the very task in which a life continues as new, as often as is asked for. */
import type { Signal } from '../check/evidence';
import type { Stage } from '../stage';
import { messagesAtRenewal } from './messages';
import { openStoryTicket, owedSignals } from './story-ticket';

const lives = 10;

/** Several lives share the number. */
export async function continuing(
  stage: Stage,
  times: number,
): Promise<{ readonly lines: readonly string[]; readonly signals: readonly Signal[] }> {
  const since = performance.now();
  const told = await Promise.all(
    Array.from({ length: lives }, async () => {
      const { id, place, opened } = await openStoryTicket(stage, 'Continues as new');
      const { causes, ...counts } = await messagesAtRenewal(place, id, Math.ceil(times / lives));
      return { ...counts, signals: [opened, ...owedSignals(id, causes)] };
    }),
  );
  const sum = (of: (one: (typeof told)[number]) => number) =>
    told.reduce((total, one) => total + of(one), 0);
  const seconds = Math.round((performance.now() - since) / 1_000);
  return {
    lines: [
      `Continue-as-new: ${sum((one) => one.collisions)} messages in the very task that ended a run, of ` +
        `${sum((one) => one.signals.length - 1)} messages to ${lives} lives in ${sum((one) => one.runs)} runs (${seconds} s).`,
    ],
    signals: told.flatMap(({ signals }) => signals),
  };
}
