/** Tickets that were opened for one measurement, told apart by impact and urgency, and their steps as recorded. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { drive, type Request } from '../drive';
import type { Rows } from '../rows';
import type { Tickets, Wording } from '../tickets';

/** Those of the caller are medium: his commands change their urgency. */
export const groups = {
  resting: { impact: 'medium', urgency: 'high' },
  spread: { impact: 'low', urgency: 'low' },
  outage: { impact: 'high', urgency: 'low' },
  burst: { impact: 'low', urgency: 'high' },
  caller: { impact: 'medium', urgency: 'medium' },
} as const satisfies Record<string, Wording>;

export type Group = keyof typeof groups;

/** As many at once as the machine takes; throws when one is refused. Their ids. */
export async function openAll(tickets: Tickets, group: Group, count: number): Promise<string[]> {
  const ids: string[] = [];
  const next = () => tickets.open((id) => ids.push(id), groups[group]);
  const load = { atOnce: 16, milliseconds: Infinity, atMost: count, next };
  refuseErrors((await drive(load)).errors);
  return ids;
}

/** So many a second, whether or not those before were answered; throws when one is refused. */
export async function openPaced(
  tickets: Tickets,
  group: Group,
  { count, perSecond }: { count: number; perSecond: number },
): Promise<void> {
  const since = performance.now();
  const under: Promise<string | undefined>[] = [];
  for (let n = 0; n < count; n += 1) {
    await pause(Math.max(0, since + (n * 1000) / perSecond - performance.now()));
    const request: Request = tickets.open(() => undefined, groups[group]);
    under.push(request());
  }
  refuseErrors((await Promise.all(under)).filter((wrong) => wrong !== undefined));
}

function refuseErrors(errors: readonly string[]): void {
  if (errors.length === 0) return;
  throw new Error(`Opening failed ${errors.length} times: ${[...new Set(errors)].join(', ')}`);
}

/** What a step of the ladder is called in the feed, and at which share of the target it is due. */
export const steps = { slaWarned: 0.75, slaBreached: 1, slaEscalated: 1.5 } as const;
export type StepEvent = keyof typeof steps;

const Recorded = z.object({
  ticketId: z.uuid(),
  type: z.enum(['slaWarned', 'slaBreached', 'slaEscalated']),
  openedAt: z.date(),
  recordedAt: z.date(),
  occurredAt: z.date(),
  said: z.string(),
});

/** A step in the feed: when it was written down, and when it says that it was due. */
export type Recorded = z.infer<typeof Recorded>;

const ofGroup = `from ticket_events e join tickets t on t.organization_id = e.organization_id and t.id = e.ticket_id
  where t.impact = $1 and t.urgency = $2 and t.opened_at >= $3 and e.data->>'clock' = 'resolution'
    and e.type = any($4)`;

/** Those of a group that was opened since an instant. */
export interface Members {
  readonly group: Group;
  readonly since: Date;
}

export async function recordedOf(
  rows: Rows,
  { group, since }: Members,
  types: readonly StepEvent[],
): Promise<Recorded[]> {
  const { impact, urgency } = groups[group];
  const found = await rows.query(
    `select e.ticket_id as "ticketId", e.type, t.opened_at as "openedAt", e.recorded_at as "recordedAt",
            e.occurred_at as "occurredAt", e.data->>'at' as said ${ofGroup}`,
    [impact, urgency, since, types],
  );
  return z.array(Recorded).parse(found);
}

const Count = z.object({ count: z.number() });

/** Waits until so many steps are recorded; false when patience ended first. */
export async function untilRecorded(
  rows: Rows,
  { group, since }: Members,
  { types, count, withinMs }: { types: readonly StepEvent[]; count: number; withinMs: number },
): Promise<boolean> {
  const { impact, urgency } = groups[group];
  for (const until = Date.now() + withinMs; ;) {
    const [row] = await rows.query(`select count(*)::int as count ${ofGroup}`, [
      ...[impact, urgency, since, types],
    ]);
    if (Count.parse(row).count >= count) return true;
    if (Date.now() >= until) return false;
    await pause(500);
  }
}
