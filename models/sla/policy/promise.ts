/** What policies promise for a ticket as it stands, and how its clocks are to stand by that. */
import { earliest, type Instant } from '../../instant';
import type { Priority } from '../../tickets/ticket';
import { inForce, newestCalendar, type Agreement, type PolicyVersion } from '../agreement';
import type { Terms, Version } from '../clock/shape';
import type { CalendarChoice, PolicyRule, Target, TargetConditions } from './shape';

/** A ticket as policies look at it. */
export interface Promisee {
  readonly openedAt: Instant;
  readonly priority: Priority | null;
  readonly teamId: string | null;
  readonly resolvedAt: Instant | null;
  /** The first answer to the requester. */
  readonly answeredAt: Instant | null;
  /** The integer that its process has under this name; null: none. */
  readonly facet: (name: string) => number | null;
  /** Whether a condition holds for it. */
  readonly holds: (when: string) => boolean;
  /** Calendars of its service and its team, where they have one. */
  readonly calendars: { readonly service: string | null; readonly team: string | null };
  /** Conditions that the type of ticket has for waiting. */
  readonly waits: Waits;
}

/** When a ticket of a type waits, in the filter language. */
export interface Waits {
  readonly customerWhile: string;
  readonly vendorWhile: string;
  readonly vendorUnless: string;
}

export interface Promised {
  readonly target: Target;
  readonly terms: Terms;
}

/** The rule that counts, of the first policy of which one does. */
export function ruleFor(
  agreement: Agreement,
  asOf: Instant,
  { openedAt, holds }: Pick<Promisee, 'openedAt' | 'holds'>,
): { policy: PolicyVersion; rule: PolicyRule } | undefined {
  for (const policy of inForce(agreement.policies, { openedAt, asOf })) {
    const rule = policy.definition.rules.find(({ when }) => when === undefined || holds(when));
    if (rule) return { policy, rule };
  }
  return undefined;
}

/** What is promised, each with its terms on the newest calendars. */
export function promisesFor(agreement: Agreement, asOf: Instant, promisee: Promisee): Promised[] {
  const found = ruleFor(agreement, asOf, promisee);
  if (!found) return [];
  const { policy, rule } = found;
  return rule.targets.flatMap((target) => {
    const targetSeconds = secondsAt(target, promisee);
    if (targetSeconds === undefined) return [];
    const terms: Terms = {
      policy: { id: policy.id, version: policy.version },
      rule: rule.name,
      calendar: calendarFor(agreement, target.calendar, promisee),
      targetSeconds,
      onChange: target.onChange ?? 'keepElapsed',
    };
    return [{ target, terms }];
  });
}

function secondsAt(
  { targetSeconds }: Target,
  { priority, facet }: Pick<Promisee, 'priority' | 'facet'>,
): number | undefined {
  if (typeof targetSeconds === 'number') return targetSeconds;
  if ('facet' in targetSeconds) return facet(targetSeconds.facet) ?? undefined;
  return priority === null ? undefined : targetSeconds[priority];
}

function calendarFor(
  agreement: Agreement,
  { of, calendarId }: CalendarChoice,
  { calendars }: Promisee,
): Version {
  return newestCalendar(agreement, (of && calendars[of]) ?? calendarId);
}

/** How a clock is to stand. */
export type Phase =
  /** Not to begin; one that has begun goes on, or waits by this condition. */
  | { readonly is: 'pending'; readonly pausedBy: string | null }
  | { readonly is: 'running' }
  | { readonly is: 'paused'; readonly why: string }
  | { readonly is: 'stopped'; readonly at: Instant };

/** By the conditions of the target at an instant; a stop may have happened earlier than it came. */
export function phaseOf(target: Target, promisee: Promisee, at: Instant): Phase {
  const { startWhen, pauseWhile, stopWhen } = conditionsOf(target, promisee.waits);
  const { holds } = promisee;
  if (stopWhen !== undefined && holds(stopWhen)) {
    const own = target.stopWhen !== undefined;
    return { is: 'stopped', at: own ? at : stopOf(target, promisee, at) };
  }
  const pausedBy = pauseWhile !== undefined && holds(pauseWhile) ? pauseWhile : null;
  if (startWhen !== undefined && !holds(startWhen)) return { is: 'pending', pausedBy };
  return going(pausedBy);
}

/** Of a clock that has begun and is not to stop. */
export function going(pausedBy: string | null): Phase {
  return pausedBy === null ? { is: 'running' } : { is: 'paused', why: pausedBy };
}

/** The target's own conditions before those of its kind and metric. */
export function conditionsOf(target: Target, waits: Waits): TargetConditions {
  const { startWhen, pauseWhile, stopWhen } = target;
  return {
    ...usual[target.metric](waits),
    ...(target.kind === 'UC' && { startWhen: waits.vendorWhile, pauseWhile: waits.vendorUnless }),
    ...(startWhen !== undefined && { startWhen }),
    ...(pauseWhile !== undefined && { pauseWhile }),
    ...(stopWhen !== undefined && { stopWhen }),
  };
}

const usual: Readonly<Record<Target['metric'], (waits: Waits) => TargetConditions>> = {
  firstResponse: () => ({ stopWhen: 'isAnswered==true,isResolved==true' }),
  nextResponse: () => ({
    startWhen: 'awaitsReply==true',
    stopWhen: 'awaitsReply==false,isResolved==true',
  }),
  resolution: ({ customerWhile }) => ({
    pauseWhile: customerWhile,
    stopWhen: 'isResolved==true',
  }),
};

function stopOf({ metric }: Target, { resolvedAt, answeredAt }: Promisee, at: Instant): Instant {
  if (metric === 'nextResponse') return at;
  const answered = metric === 'firstResponse' ? answeredAt : null;
  if (resolvedAt !== null && answered !== null) return earliest(resolvedAt, answered);
  return answered ?? resolvedAt ?? at;
}
