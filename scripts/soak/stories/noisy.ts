/** One ticket is sent thousands of facts; the others are to go on at their usual speed. */
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../../replay/figures';
import { openDoor } from '../../replay/door';
import { seconds, type Say } from '../../stack/progress';
import { until } from '../../stack/wait';
import type { Signal } from '../check/evidence';
import { liveLives } from '../crowd';
import { diceOf } from '../dice';
import type { Stage } from '../stage';
import { openStoryTicket, sendNamed, type StoryTicket } from './ticket';

const senders = 8;
const others = 6;
const usualMs = 30_000;
const patienceMs = 900_000;

/** Figures of the others before and meanwhile. */
export async function noisy(
  stage: Stage,
  facts: number,
  say: Say,
): Promise<{ readonly lines: readonly string[]; readonly signals: readonly Signal[] }> {
  const signals: Signal[] = [];
  const usual = await amongOthers(stage, 'before', () => pause(usualMs));
  const ticket = await openStoryTicket(stage, 'Is noisy');
  const since = performance.now();
  let took = 0;
  const meanwhile = await amongOthers(stage, 'meanwhile', async () => {
    const send = async () => {
      while (signals.length < facts) signals.push(await sendNamed(stage, ticket));
    };
    await Promise.all(Array.from({ length: senders }, send));
    say(`${signals.length} facts are sent (${seconds(performance.now() - since)})`);
    await taken(stage, ticket, signals.length);
    took = performance.now() - since;
  });
  return {
    lines: [
      `A noisy ticket: ${signals.length} facts taken in ${seconds(took)}. Commands of others: ` +
        `before p50 ${usual.median} ms, p95 ${usual.p95} ms (${usual.count}); ` +
        `meanwhile p50 ${meanwhile.median} ms, p95 ${meanwhile.p95} ms (${meanwhile.count}).`,
    ],
    signals,
  };
}

/** Every fact has its outcome. */
async function taken(stage: Stage, ticket: StoryTicket, facts: number): Promise<void> {
  const { database } = stage.installation;
  const all = async () => {
    const [row] = await database.inOrganization(ticket.organizationId, (tx) =>
      tx.rows<{ count: number }>(
        `select count(*)::int as count from ticket_refusals where organization_id = $1 and ticket_id = $2`,
        [ticket.organizationId, ticket.id],
      ),
    );
    return (row?.count ?? 0) >= facts;
  };
  await until(all, { what: `${facts} outcomes`, withinMs: patienceMs, everyMs: 500 });
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
    door: openDoor(rig.addresses[0] ?? '', desk.password, ({ call, at, until: end, answer }) => {
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
