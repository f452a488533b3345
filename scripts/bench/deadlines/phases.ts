/** Rest, a steady stream of deadlines, and an outage. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Part } from '../../rig/part';
import type { Rig } from '../../rig/rig';
import type { Driven } from '../drive';
import { counted, type Cpu, ranked, spentBetween } from '../measure';
import { memoryOf } from '../memory';
import { probe } from '../timers';
import type { BurstField } from './burst';
import { type Lateness, latenessOf } from './figures';
import { groups, type Members, recordedOf, type StepEvent, untilRecorded } from './groups';

export interface RestFigures {
  /** MiB of each part. */
  readonly memory: Readonly<Record<string, number>>;
  /** Per cent of a core. */
  readonly cpu: Cpu;
}

/** Nothing is due meanwhile. */
export async function measureRest(
  { meter }: BurstField,
  rig: Rig,
  restMs: number,
): Promise<RestFigures> {
  const before = meter();
  const since = performance.now();
  await pause(restMs);
  const spent = spentBetween(before, meter());
  const passed = performance.now() - since;
  const share = Object.entries(spent).map(([who, ms]) => [who, (100 * ms) / passed] as const);
  return {
    memory: memoryOf(rig.parts.values()),
    cpu: { ...spent, ...Object.fromEntries(share) },
  };
}

export interface Promised {
  readonly members: Members;
  readonly targetSeconds: number;
  readonly count: number;
}

/** Waits until all breaches of a group are recorded. */
export async function measureBreaches(
  { rows }: BurstField,
  { members, targetSeconds, count }: Promised,
  withinMs: number,
): Promise<Lateness> {
  const types = ['slaBreached'] as const;
  await untilRecorded(rows, members, { types, count, withinMs });
  return latenessOf(await recordedOf(rows, members, types), { targetSeconds });
}

export interface OutageFigures {
  readonly seconds: number;
  /** Steps that had fallen due, of so many tickets. */
  readonly steps: number;
  readonly tickets: number;
  /** Milliseconds from the start of the engine: until the first was recorded, and until all were. */
  readonly firstMs: number;
  readonly drainedMs: number;
  /** Steps whose feed names another instant than the true one, and steps that were never recorded. */
  readonly wrong: number;
  readonly missing: number;
  /** Notices to people, by what they say. */
  readonly notices: Readonly<Record<string, number>>;
  readonly cpu: Cpu;
  readonly commands: ReturnType<typeof ranked> & {
    readonly errors: Readonly<Record<string, number>>;
  };
}

const ladder = ['slaWarned', 'slaBreached', 'slaEscalated'] as const satisfies StepEvent[];

/** SIGKILL to worker and engine; the API goes on. */
export async function beginOutage({ parts }: Rig): Promise<void> {
  await partOf(parts, 'worker').kill();
  await partOf(parts, 'Temporal').kill();
}

/** `whole`: all their steps have passed; `last`: only the last one has. */
export async function measureOutage(
  field: BurstField,
  rig: Rig,
  past: { whole: Promised; last: Promised; callers: readonly string[]; seconds: number },
): Promise<OutageFigures> {
  const { whole, last, callers, seconds } = past;
  const { rows, meter, tickets } = field;
  const spent = meter();
  const back = new Date();
  await rig.start();
  let isOver = false;
  const commands: Promise<Driven> = probe({ tickets }, callers, () => isOver);
  const withinMs = 300_000;
  const wish = (types: readonly StepEvent[], count: number) => ({ types, count, withinMs });
  await untilRecorded(rows, whole.members, wish(ladder, whole.count * ladder.length));
  await untilRecorded(rows, last.members, wish(['slaEscalated'], last.count));
  const cpu = spentBetween(spent, meter());
  isOver = true;
  const { latencies, errors } = await commands;
  const ofWhole = await recordedOf(rows, whole.members, ladder);
  const ofLast = await recordedOf(rows, last.members, ['slaEscalated']);
  const recorded = [...ofWhole, ...ofLast].map(({ recordedAt }) => recordedAt.getTime());
  const steps = whole.count * ladder.length + last.count;
  return {
    ...{ seconds, steps, tickets: whole.count + last.count, cpu },
    firstMs: Math.min(...recorded) - back.getTime(),
    drainedMs: Math.max(...recorded) - back.getTime(),
    wrong: latenessOf(ofWhole, whole).wrong + latenessOf(ofLast, last).wrong,
    missing: steps - recorded.length,
    notices: await noticesOf(field, whole.members),
    commands: { ...ranked(latencies), errors: counted(errors) },
  };
}

const Said = z.object({ template: z.string(), count: z.number() });

/** Notices about the resolution clock of a group. */
async function noticesOf({ rows }: BurstField, { group, since }: Members) {
  const { impact, urgency } = groups[group];
  const found = await rows.query(
    `select n.template, count(*)::int as count from notifications n
       join tickets t on t.organization_id = n.organization_id and t.id = n.ticket_id
      where t.impact = $1 and t.urgency = $2 and t.opened_at >= $3 and n.data->>'clock' = 'resolution'
      group by 1 order by 1`,
    [impact, urgency, since],
  );
  return Object.fromEntries(
    z
      .array(Said)
      .parse(found)
      .map(({ template, count }) => [template, count] as const),
  );
}

function partOf(parts: Rig['parts'], name: string): Part {
  const found = parts.get(name);
  if (found === undefined) throw new Error(`The installation has no ${name}`);
  return found;
}
