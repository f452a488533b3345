/**
 * Clocks follow their ticket: after every fact this compares how they stand with what policies promise for
 * the ticket as it is now. No rule moves a clock (docs/adr/0019-clocks-follow-the-ticket.md).
 */
import type { Instant } from '../instant';
import { areAlike, areSame } from './clock';
import { allHappened, type ClockEvent } from './clock/events';
import type { Clock, Terms } from './clock/shape';
import { going, phaseOf, type Phase, type Promised, type Promisee } from './policy/promise';
import type { Target } from './policy/shape';

/** How a ticket has ended: what was not stopped counts no more, and nothing begins. Null: it has not. */
export type End = 'resolved' | 'unresolved' | null;

export interface Drive {
  readonly clocks: readonly Clock[];
  readonly promised: readonly Promised[];
  readonly promisee: Promisee;
  /** When the fact happened. */
  readonly at: Instant;
  readonly end: End;
  /** Running clocks take the newest calendars, too. */
  readonly isRefreshed: boolean;
}

/** What happens to the clocks, in order; empty when they stand as they should. */
export function clockEvents(drive: Drive): ClockEvent[] {
  const { clocks, at, end } = drive;
  if (end === 'unresolved') return cancelling(living(clocks), at);
  const wanted = drive.promised.flatMap((one) => wantedBy(one, drive));
  const missing = living(clocks).filter((clock) => !wanted.some((one) => isOf(clock, one)));
  const events = [...cancelling(missing, at), ...wanted.flatMap((one) => eventsOf(one, drive))];
  return end === null
    ? events
    : [...events, ...cancelling(living(allHappened(clocks, events)), at)];
}

function cancelling(clocks: readonly Clock[], at: Instant): ClockEvent[] {
  return clocks.map(({ id }) => ({ clock: id, did: 'cancelled', at }));
}

/** One clock that is promised: a target, for an OLA with the team whose clock it is. */
interface Wanted extends Promised {
  readonly teamId: string | null;
  readonly phase: Phase;
}

function wantedBy(promised: Promised, { clocks, promisee, at }: Drive): Wanted[] {
  const { target } = promised;
  const phase = phaseOf(target, promisee, at);
  if (target.kind !== 'OLA') return [{ ...promised, teamId: null, phase }];
  const owner = promisee.teamId;
  const before = clocks.flatMap(({ target: id, teamId }) => (id === target.id ? [teamId] : []));
  const teams = target.teamId === undefined ? new Set([...before, owner]) : [target.teamId];
  return [...teams].flatMap((teamId) => {
    if (teamId === null) return [];
    const isIts = teamId === owner || phase.is === 'stopped';
    return [{ ...promised, teamId, phase: isIts ? phase : elsewhere }];
  });
}

export const elsewhereWhy = 'another team has it';
/** The clock of a team that does not have the ticket now: none begins for it. */
const elsewhere: Phase = { is: 'pending', pausedBy: elsewhereWhy };

function eventsOf(wanted: Wanted, drive: Drive): ClockEvent[] {
  const { target, terms, phase } = wanted;
  const { clocks, at } = drive;
  const clock = clocks.findLast((one) => isOf(one, wanted));
  const begins = clock === undefined || clock.state === 'cancelled' || isNextRound(clock, phase);
  if (begins) return isGoing(phase) && drive.end === null ? started(wanted, drive) : [];
  const reopens = target.metric !== 'firstResponse' && isGoing(phase);
  if (clock.state === 'stopped' && !reopens) return stoppedEarlier(clock, phase);
  const events: ClockEvent[] = [];
  if (clock.state === 'stopped') events.push({ clock: clock.id, did: 'reopened', at });
  if (phase.is !== 'stopped' && differs(clock.terms, terms, drive))
    events.push({ clock: clock.id, did: 'retargeted', at, terms });
  return [...events, ...turned(clock, phase, at)];
}

/** A clock whose terms say the same goes on by the calendar that it began with, unless told otherwise. */
function differs(present: Terms, wanted: Terms, { isRefreshed }: Drive): boolean {
  return isRefreshed ? !areSame(present, wanted) : !areAlike(present, wanted);
}

function turned(clock: Clock, phase: Phase, at: Instant): ClockEvent[] {
  const { id } = clock;
  switch (phase.is) {
    case 'stopped':
      return [{ clock: id, did: 'stopped', at: phase.at }];
    case 'paused':
      return clock.state === 'paused' ? [] : [{ clock: id, did: 'paused', at, why: phase.why }];
    case 'running':
      return clock.state === 'paused' ? [{ clock: id, did: 'resumed', at }] : [];
    // Its start condition holds no more; what has begun goes on, or waits.
    case 'pending':
      return turned(clock, going(phase.pausedBy), at);
  }
}

function stoppedEarlier({ id, stoppedAt }: Clock, phase: Phase): ClockEvent[] {
  const isEarlier = phase.is === 'stopped' && stoppedAt !== null && phase.at < stoppedAt;
  return isEarlier ? [{ clock: id, did: 'stopped', at: phase.at }] : [];
}

function started({ target, terms, phase, teamId }: Wanted, { clocks, promisee, at }: Drive) {
  const earlier = clocks.filter((one) => one.target === target.id).length;
  const clock = earlier === 0 ? target.id : `${target.id}-${earlier + 1}`;
  const from = countsFromOpening(target) && earlier === 0 ? promisee.openedAt : at;
  const { metric, kind } = target;
  const start: ClockEvent = {
    ...{ clock, did: 'started', target: target.id, metric, kind, teamId, terms, at: from },
    ...(from !== at && { promisedAt: at }),
  };
  const pause: ClockEvent[] =
    phase.is === 'paused' ? [{ clock, did: 'paused', at, why: phase.why }] : [];
  return [start, ...pause];
}

/** Those that begin with something else than the ticket count from that. */
export function countsFromOpening({ kind, metric, counts, startWhen }: Target): boolean {
  if (counts !== undefined) return counts === 'fromOpening';
  return kind === 'SLA' && metric !== 'nextResponse' && startWhen === undefined;
}

function isNextRound(clock: Clock, phase: Phase): boolean {
  return clock.metric === 'nextResponse' && clock.state === 'stopped' && isGoing(phase);
}

function isGoing({ is }: Phase): boolean {
  return is === 'running' || is === 'paused';
}

function isOf(clock: Clock, { target, teamId }: Pick<Wanted, 'target' | 'teamId'>): boolean {
  return clock.target === target.id && clock.teamId === teamId;
}

function living(clocks: readonly Clock[]): readonly Clock[] {
  return clocks.filter(({ stoppedAt }) => stoppedAt === null);
}
