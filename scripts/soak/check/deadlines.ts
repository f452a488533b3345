/**
 * Every instant that fell due was acted on, with the instant at which it was due. Pure. Clocks run round
 * the clock in a soak, so that the instants can be reckoned here without the code that is under test.
 */
import { z } from 'zod';
import type { Clock, EventRow, Evidence, Finding, OrganizationRow, TicketRow } from './evidence';
import { feedsOf } from './feed';

const proof = 'every deadline is acted on';

/** `graceMs`: what fell due less than this before the rows were read may still be on its way. */
export function checkDeadlines({ rows }: Pick<Evidence, 'rows'>, graceMs: number): Finding[] {
  const feeds = feedsOf(rows.events);
  const organizations = new Map(rows.organizations.map((one) => [one.id, one]));
  const until = rows.now - graceMs;
  return rows.tickets.flatMap((ticket) => {
    const feed = feeds.get(ticket.id) ?? [];
    const organization = organizations.get(ticket.organizationId);
    const wrong = [
      ...ofAgenda(ticket, until),
      ...ticket.clocks.flatMap((clock) => ofClock(clock, feed, until)),
      ...(organization ? ofEndings(feed, organization) : []),
    ];
    return wrong.map((detail) => ({ proof, ticket: ticket.name, detail }));
  });
}

function ofAgenda({ agenda, isSettled }: TicketRow, until: number): string[] {
  if (isSettled && agenda.length > 0) return ['it is settled and has an agenda'];
  return agenda
    .filter(({ at }) => at < until)
    .map(({ key, at }) => `${key} was due at ${instant(at)} and stands on the agenda`);
}

/** Of the standard ladder, whose steps have these names. */
const percents = [75, 100, 150];

const eventTypes = (percent: number) =>
  percent < 100 ? 'slaWarned' : percent === 100 ? 'slaBreached' : 'slaEscalated';

function ofClock(clock: Clock, feed: readonly EventRow[], until: number): string[] {
  return [...missed(clock, feed, until), ...unrecorded(clock, feed)];
}

/** Thresholds that the clock has reached by its present target without having passed them. */
function missed(clock: Clock, feed: readonly EventRow[], until: number): string[] {
  const { targetSeconds } = clock.terms;
  const isRunning = clock.state === 'running';
  // Counted anew while it stood, it may have thresholds behind it that nobody could act on.
  const wasRetargeted = feed.some(
    (event) => event.type === 'slaRetargeted' && clockOf(event) === clock.id,
  );
  if (!isRunning && wasRetargeted) return [];
  const end = clock.stoppedAt ?? until;
  return percents.flatMap((percent) => {
    const at = reachedAt(clock, percent);
    if (at === undefined || at >= end) return [];
    const isPassed = clock.passed.some(
      ({ step, due, targetSeconds: by }) =>
        step === String(percent) && due === at && by === targetSeconds,
    );
    return isPassed
      ? []
      : [`${clock.id} ${percent} % was due at ${instant(at)} and was not passed`];
  });
}

/** The first instant at which so much of the target is worked; undefined when a pause comes first. */
export function reachedAt(clock: Clock, percent: number): number | undefined {
  let left = Math.round(clock.terms.targetSeconds * percent * 10);
  let since = clock.startedAt;
  for (const { from, to } of [...clock.pauses].sort((a, b) => a.from - b.from)) {
    const worked = Math.max(0, from - since);
    if (worked >= left) break;
    if (to === null) return undefined;
    left -= worked;
    since = Math.max(since, to);
  }
  return since + left;
}

/** What a clock has passed stands in the feed once, at the instant at which it was due. */
function unrecorded({ id, passed }: Clock, feed: readonly EventRow[]): string[] {
  return passed.flatMap(({ step, at }) => {
    const percent = Number(step);
    const type = eventTypes(percent);
    const lines = feed.filter(
      (event) =>
        event.type === type &&
        event.at === at &&
        clockOf(event) === id &&
        percentOf(event) === percent,
    );
    if (lines.length === 1) return [];
    return [`${id} ${percent} % of ${instant(at)} stands ${lines.length} times in the feed`];
  });
}

const Step = z.looseObject({ clock: z.string().optional(), percent: z.number().optional() });
const clockOf = ({ data }: EventRow) => Step.parse(data).clock;
const percentOf = ({ data }: EventRow) => Step.parse(data).percent;

const Ending = z.looseObject({ reason: z.string().nullish(), until: z.string().nullish() });
const dayMs = 86_400_000;

/** What ended by itself ended at the instant that was planned. */
function ofEndings(feed: readonly EventRow[], { autoCloseDays }: OrganizationRow): string[] {
  const wrong: string[] = [];
  let planned: { hold?: number; close?: number } = {};
  for (const { type, at, data } of feed) {
    const { reason, until } = Ending.parse(data);
    if (type === 'held') planned = typeof until === 'string' ? { hold: Date.parse(until) } : {};
    if (type === 'resolved') planned = { close: at + Math.round(autoCloseDays * dayMs) };
    const due = type === 'resumed' && reason === 'until' ? planned.hold : planned.close;
    const isByItself = (type === 'resumed' && reason === 'until') || reason === 'autoClose';
    if (isByItself && due !== at) {
      wrong.push(
        `${type} at ${instant(at)}, planned ${due === undefined ? 'never' : instant(due)}`,
      );
    }
  }
  return wrong;
}

const instant = (at: number) => new Date(at).toISOString();
