/** All deadlines at one instant: how fast they drain, by whom, and what readers see meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { toInstant } from '../../../models/instant';
import type { Step } from '../../../models/sla/policy/shape';
import { type Cpu, type Meter, spentBetween } from '../measure';
import type { People } from '../people';
import type { Rows } from '../rows';
import type { Tickets } from '../tickets';
import type { Wire } from '../wire';
import {
  isRightCounting,
  isRightReading,
  type Lateness,
  latenessOf,
  trueInstant,
  unhandled,
} from './figures';
import { openAll, recordedOf, type StepEvent, steps, untilRecorded } from './groups';
import { promise } from './promise';
import { countLists, countOverdue, readClocks } from './watch';

export interface BurstField {
  readonly wire: Wire;
  readonly people: People;
  readonly rows: Rows;
  readonly tickets: Tickets;
  readonly meter: Meter;
  readonly slug: string;
}

export interface BurstFigures {
  readonly event: StepEvent;
  readonly lateness: Lateness;
  /** Milliseconds of CPU of each, from the instant until all were recorded. */
  readonly cpu: Cpu;
  /** Only at the breach. */
  readonly readers: ReaderFigures | undefined;
}

export interface ReaderFigures {
  readonly readings: number;
  /** Readings from the instant on of tickets whose breach nobody had recorded. */
  readonly ofUnhandled: number;
  readonly wrongReadings: number;
  readonly countings: number;
  readonly wrongCountings: number;
}

export interface BurstWish {
  readonly count: number;
  readonly targetSeconds: number;
  /** In the order of time; all of the ladder. */
  readonly events: readonly StepEvent[];
  readonly ladder?: readonly Step[];
}

/** Readers begin so long before the instant. */
const watchedBeforeMs = 1_500;

/** Openings a second that can be counted on. */
const openedPerSecond = 30;

export async function measureBurst(field: BurstField, wish: BurstWish): Promise<BurstFigures[]> {
  const { count, targetSeconds, ladder } = wish;
  await field.people.refresh();
  // Of bursts before this one; nothing of this one is overdue before its breach.
  const before = await countOverdue(field);
  const since = new Date();
  const opensAt = toInstant(since.getTime() + (count / openedPerSecond + 3) * 1000);
  const wanted = { targetSeconds, opensAt, ...(ladder && { ladder }) };
  await promise(field.rows, field.slug, wanted);
  const ids = await openAll(field.tickets, 'burst', count);
  if (toInstant(Date.now()) >= opensAt) throw new Error('Opening took longer than it was given.');
  const figures: BurstFigures[] = [];
  for (const event of wish.events)
    figures.push(await measureStep(field, { event, ids, since, wanted, before }));
  return figures;
}

interface Stepping {
  readonly event: StepEvent;
  readonly ids: readonly string[];
  readonly since: Date;
  /** Tickets that a list counts as overdue without these. */
  readonly before: number;
  readonly wanted: { readonly targetSeconds: number; readonly opensAt: string };
}

async function measureStep(field: BurstField, stepping: Stepping): Promise<BurstFigures> {
  const { event, ids, since, wanted, before } = stepping;
  const { rows, meter } = field;
  const due = trueInstant(event, since, wanted);
  // What is measured while the step before still drains would be told of both.
  if (Date.now() > due - watchedBeforeMs)
    throw new Error(`${event} came while the step before was still being recorded.`);
  await pause(due - Date.now() - watchedBeforeMs);
  let isOver = false;
  const isReaders = event === 'slaBreached';
  const watching = { ...field, ids, isOver: () => isOver };
  const watched = isReaders ? ([readClocks(watching), countLists(watching)] as const) : undefined;
  await pause(Math.max(0, due - Date.now()));
  const spent = meter();
  const members = { group: 'burst', since } as const;
  const wish = { types: [event], count: ids.length, withinMs: 60_000 + ids.length * 100 };
  await untilRecorded(rows, members, wish);
  const cpu = spentBetween(spent, meter());
  isOver = true;
  const recorded = await recordedOf(rows, members, [event]);
  const truth = { due, before, after: before + ids.length };
  const lateness = latenessOf(recorded, wanted);
  if (!watched) return { event, lateness, cpu, readers: undefined };
  const [readings, countings] = [await watched[0], await watched[1]];
  const readers = {
    readings: readings.length,
    ofUnhandled: unhandled(readings, recorded, truth).length,
    wrongReadings: readings.filter((one) => !isRightReading(one, truth)).length,
    countings: countings.length,
    wrongCountings: countings.filter((one) => !isRightCounting(one, truth)).length,
  };
  return { event, lateness, cpu, readers };
}

/** All steps of the standard ladder. */
export const allSteps = Object.keys(steps) as readonly StepEvent[];
