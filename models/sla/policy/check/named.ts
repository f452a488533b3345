/** What a policy names: calendars, teams and people, that must be there and be of use. */
import type { ProcessDeclaration } from '../../../../workflows/process';
import type { InputIssue } from '../../../errors';
import { msOf, toInstant, type Instant } from '../../../instant';
import { workingSecondsBetween, type Calendar } from '../../calendar';
import { tenYearsMs } from '../../calendar/walk';
import type { PolicyDefinition, Step, Target } from '../shape';

/** What there is. */
export interface PolicyGround {
  readonly process: ProcessDeclaration;
  /** By id, each as its newest version. */
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Ids of those that are active. */
  readonly team: ReadonlySet<string>;
  readonly person: ReadonlySet<string>;
  /** Now: calendars are held against the ten years that come. */
  readonly at: Instant;
}

/** Ids that a policy names, some of them more than once: what a ground has to know. */
export function namedIn({ rules }: PolicyDefinition): {
  readonly calendarIds: readonly string[];
  readonly teamIds: readonly string[];
  readonly userIds: readonly string[];
} {
  const targets = rules.flatMap((rule) => rule.targets);
  const steps = targets.flatMap(({ ladder = [] }) => ladder);
  return {
    calendarIds: targets.map(({ calendar }) => calendar.calendarId),
    teamIds: [...targets.flatMap(({ teamId }) => teamId ?? []), ...steps.flatMap(teamsOf)],
    userIds: steps.flatMap(peopleOf),
  };
}

function teamsOf({ actions }: Step): string[] {
  return actions.flatMap((one) => (one.action === 'reassign' ? [one.teamId] : []));
}

function peopleOf({ actions }: Step): string[] {
  const recipients = actions.flatMap((one) => (one.action === 'notify' ? one.to : []));
  return recipients.flatMap((one) => (typeof one === 'string' ? [] : [one.userId]));
}

/** Nobody named is nothing wrong. */
export function nameIssues(
  kind: 'team' | 'person',
  id: string | undefined,
  ground: PolicyGround,
  pointer: string,
): InputIssue[] {
  if (id === undefined || ground[kind].has(id)) return [];
  return [{ pointer, detail: `is no active ${kind} that is there`, code: 'not_found' }];
}

/** A target that its calendar cannot meet would have no deadline. */
export function calendarIssues(
  { calendar: { calendarId }, targetSeconds }: Target,
  { calendars, at }: PolicyGround,
  below: string,
): InputIssue[] {
  const calendar = calendars.get(calendarId);
  const pointer = `${below}/calendar/calendarId`;
  if (calendar === undefined)
    return [{ pointer, detail: 'is no calendar that is there', code: 'not_found' }];
  const open = openSeconds(calendar, at);
  if (open === 0)
    return [{ pointer, detail: 'stays closed for ten years: no clock runs on it', code: 'empty' }];
  return Object.entries(secondsOf(targetSeconds, `${below}/targetSeconds`))
    .filter(([, seconds]) => seconds > open)
    .map(([place]) => ({
      pointer: place,
      detail: 'is not reached within ten years on its calendar',
      code: 'too_big',
    }));
}

/** One that the process has not, or that is no number of seconds. */
export function facetIssues(
  { targetSeconds }: Target,
  { process }: PolicyGround,
  below: string,
): InputIssue[] {
  if (typeof targetSeconds === 'number' || !('facet' in targetSeconds)) return [];
  if (process.facets?.[targetSeconds.facet] === 'integer') return [];
  const pointer = `${below}/targetSeconds/facet`;
  return [{ pointer, detail: `is no integer facet of a ${process.type}`, code: 'not_found' }];
}

/** Each with its pointer. */
function secondsOf(
  targetSeconds: Target['targetSeconds'],
  below: string,
): Readonly<Record<string, number>> {
  if (typeof targetSeconds === 'number') return { [below]: targetSeconds };
  if ('facet' in targetSeconds) return {};
  return Object.fromEntries(
    Object.entries(targetSeconds).map(([priority, seconds]) => [`${below}/${priority}`, seconds]),
  );
}

const counted = new WeakMap<Calendar, readonly [Instant, number]>();

/** Working seconds of the next ten years; counted once for each calendar and instant: targets are many. */
function openSeconds(calendar: Calendar, at: Instant): number {
  const known = counted.get(calendar);
  if (known?.[0] === at) return known[1];
  const until = toInstant(msOf(at) + tenYearsMs);
  const seconds = workingSecondsBetween(calendar, at, until);
  counted.set(calendar, [at, seconds]);
  return seconds;
}
