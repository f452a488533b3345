/** Open tickets with running clocks: at rest, as their deadlines pass, after an outage, all at once. */
import { setTimeout as pause } from 'node:timers/promises';
import { openDesk } from '../../rig/desk';
import type { Rig } from '../../rig/rig';
import { type Say, timed } from '../../stack/progress';
import { type Circumstances, circumstances } from '../machine';
import { meterOf } from '../measure';
import { memoryOf } from '../memory';
import { signIn } from '../people';
import { openRows } from '../rows';
import { ticketsOf } from '../tickets';
import { openWire } from '../wire';
import { allSteps, type BurstField, type BurstFigures, measureBurst } from './burst';
import type { Lateness } from './figures';
import { type Group, openAll, openPaced } from './groups';
import {
  beginOutage,
  measureBreaches,
  measureOutage,
  measureRest,
  type OutageFigures,
  type Promised,
  type RestFigures,
} from './phases';
import { promise } from './promise';
import { type DeadlineSizes, type Schedule, scheduleOf } from './sizes';

export interface DeadlineFindings {
  readonly circumstances: Circumstances;
  readonly sizes: DeadlineSizes;
  /** MiB of each part before the first ticket. */
  readonly idle: Readonly<Record<string, number>>;
  readonly rest: RestFigures;
  readonly spread: Lateness;
  readonly outage: OutageFigures;
  readonly bursts: readonly BurstFigures[];
}

export interface DeadlineBench {
  readonly rig: Rig;
  readonly sizes: DeadlineSizes;
  readonly say: Say;
}

export async function runDeadlines(bench: DeadlineBench): Promise<DeadlineFindings> {
  const { rig, sizes } = bench;
  const idle = memoryOf(rig.parts.values());
  const { field, close } = await openField(rig);
  try {
    const where = await circumstances(field.rows, rig.temporalAddress);
    const figures = await measureOn(bench, field);
    return { circumstances: where, sizes, idle, ...figures };
  } finally {
    await close();
  }
}

/** What all phases work with; `close` lets go of it. */
export async function openField(rig: Rig) {
  const wish = { slug: 'deadlines', agents: 4, requesters: 4 };
  const desk = await openDesk(rig.database.url, wish);
  const rows = await openRows(rig.database.ownerUrl, desk.organizationId);
  const wire = openWire(rig.addresses[0] ?? '');
  const people = await signIn(wire, desk);
  const worker = rig.parts.get('worker');
  if (worker === undefined) throw new Error('The installation has no worker');
  const tickets = ticketsOf(wire, people);
  const field: BurstField = {
    ...{ wire, people, rows, tickets, slug: desk.slug },
    meter: meterOf(rig.parts, worker),
  };
  const close = async () => {
    wire.close();
    await rows.close();
  };
  return { field, close };
}

async function measureOn(bench: DeadlineBench, field: BurstField) {
  const { rig, sizes, say } = bench;
  const schedule = scheduleOf(sizes);
  const opened = await timed(say, 'All tickets are open', () => open(field, sizes, schedule));
  const rest = await timed(say, 'Rest is measured', () => measureRest(field, rig, sizes.restMs));
  // Else what was measured was no rest.
  const firstDue = opened.spread.members.since.getTime() + opened.spread.targetSeconds * 750;
  if (Date.now() > firstDue) throw new Error('Opening took longer than it was given.');
  const withinMs = (schedule.spreadTarget + sizes.spreadSeconds + 120) * 1000;
  const spread = await timed(say, 'Deadlines one after the other are measured', () =>
    measureBreaches(field, opened.spread, withinMs),
  );
  const outage = await timed(say, 'The outage is measured', () => passOutage(bench, field, opened));
  const { burst: count, burstTargetSeconds: targetSeconds } = sizes;
  const bursts = await timed(say, 'Deadlines at one instant are measured', () =>
    measureBurst(field, { count, targetSeconds, events: allSteps }),
  );
  return { rest, spread, outage, bursts };
}

interface Opened {
  readonly callers: readonly string[];
  readonly spread: Promised;
  readonly outage: Promised;
  /** When the last one was open, in ms since 1970. */
  readonly at: number;
}

const callers = 20;
/** Lives are started after their tickets were answered, and have a first task. */
const settlingMs = 20_000;

async function open(field: BurstField, sizes: DeadlineSizes, schedule: Schedule): Promise<Opened> {
  const { rows, tickets, slug, people } = field;
  const { perSecond, spreadSeconds } = sizes;
  await promise(rows, slug, { targetSeconds: 30 * 86_400 });
  const ids = await openAll(tickets, 'caller', callers);
  await openAll(tickets, 'resting', sizes.resting - callers);
  await people.refresh();
  const opening = async (group: Group, targetSeconds: number, count: number) => {
    const members = { group, since: new Date() };
    await promise(rows, slug, { targetSeconds });
    return { members, targetSeconds, count };
  };
  const count = perSecond * spreadSeconds;
  const spread = await opening('spread', schedule.spreadTarget, count);
  await openPaced(tickets, 'spread', { count, perSecond });
  const outage = await opening('outage', schedule.outageTarget, sizes.outage);
  await openAll(tickets, 'outage', sizes.outage);
  const at = Date.now();
  await pause(settlingMs);
  return { callers: ids, spread, outage, at };
}

async function passOutage({ rig, sizes }: DeadlineBench, field: BurstField, opened: Opened) {
  const { outage: whole, spread: last, callers: ids, at } = opened;
  const began = Date.now();
  await beginOutage(rig);
  // The last step of the last ticket is in it, too.
  const until = Math.max(
    began + sizes.outageSeconds * 1000,
    at + whole.targetSeconds * 1500 + 2_000,
  );
  await pause(until - Date.now());
  await field.people.refresh();
  const seconds = Math.round((Date.now() - began) / 1000);
  return measureOutage(field, rig, { whole, last, callers: ids, seconds });
}
