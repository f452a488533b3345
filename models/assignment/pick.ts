/** Who of a team gets a ticket, or what it waits for. Pure: the same people give the same answer, in any order. */
import { plusSeconds, type Instant } from '../instant';
import { nextOpen } from '../sla/calendar';
import { NeverOpen } from '../sla/calendar/walk';
import { hasRoom, loadOf, scaleOf, weightOf } from './load';
import {
  leastLoadedReason,
  nextInTurnReason,
  onlyOneReason,
  stickyReason,
  whyNone,
  type Field,
} from './reason';
import type { Candidate, Picked, PickingTeam, Question } from './shape';

/** Any moment somebody resolves one, or is back. */
const soonSeconds = 5 * 60;
/** Only an administrator changes it. */
const laterSeconds = 30 * 60;

/** `candidates` are all members who may work on tickets, whether they are there or not. */
export function pick(
  team: PickingTeam,
  candidates: readonly Candidate[],
  question: Question,
): Picked {
  const { assignment, name } = team;
  const { at, requiredSkills } = question;
  if (candidates.length === 0) return waits(at, laterSeconds, `somebody to work for ${name}`);
  const wanted = assignment.bySkills === true ? requiredSkills : [];
  const able = candidates.filter((one) => hasAll(one, wanted));
  if (able.length === 0)
    return waits(at, laterSeconds, `somebody of ${name} with the skills ${wanted.join(', ')}`);
  const opensAt = openingOf(team, at);
  if (opensAt === null) return waits(at, laterSeconds, `working hours of ${name}: there are none`);
  if (opensAt > at) return { waits: { until: opensAt, what: said(`working hours of ${name}`) } };
  const free = able.filter((one) => !one.isAbsent && hasRoom(one));
  if (free.length === 0)
    return waits(at, soonSeconds, `somebody of ${name}: ${whyNone(able, free)}`);
  return chosen(assignment, { candidates, able, free }, question);
}

/** Whether somebody has each of these skills, in whichever letters. */
function hasAll({ skills }: Candidate, wanted: readonly string[]): boolean {
  const has = new Set(skills.map((skill) => skill.toLowerCase()));
  return wanted.every((skill) => has.has(skill.toLowerCase()));
}

/** When the team works next, at `at` or later; null: not any more. */
function openingOf({ assignment, calendar }: PickingTeam, at: Instant): Instant | null {
  if (assignment.inWorkingHours !== true || calendar === null) return at;
  try {
    return nextOpen(calendar, at);
  } catch (error) {
    if (error instanceof NeverOpen) return null;
    throw error;
  }
}

function waits(at: Instant, seconds: number, what: string): Picked {
  return { waits: { until: plusSeconds(at, seconds), what: said(what) } };
}

function said(what: string): string {
  return `It waits for ${what}.`;
}

function chosen(
  { strategy, sticky }: PickingTeam['assignment'],
  field: Field,
  { priority, lastHandlerId }: Question,
): Picked {
  const { candidates, free } = field;
  const last = sticky === true ? free.find(({ id }) => id === lastHandlerId) : undefined;
  if (last) return { assigneeId: last.id, reason: stickyReason(last) };
  const load = relativeLoad(candidates, weightOf(priority));
  const [first, ...others] = free.toSorted(strategy === 'roundRobin' ? byTurn : byLoad(load));
  if (!first) throw new Error('Nobody to choose from');
  const assigneeId = first.id;
  if (others.length === 0) return { assigneeId, reason: onlyOneReason(first, field) };
  if (strategy === 'roundRobin') return { assigneeId, reason: nextInTurnReason(first, field) };
  const alike = others.filter((one) => load(one, first) === 0).length;
  return { assigneeId, reason: leastLoadedReason({ first, others, alike }, field) };
}

type Order = (one: Candidate, other: Candidate) => number;

/** By what they would have with the new one; each side times the other's scale, so that nothing is rounded. */
function relativeLoad(candidates: readonly Candidate[], added: number): Order {
  const scale = scaleOf(candidates);
  const of = ({ open }: Candidate) => loadOf(open) + added;
  const to = ({ capacity }: Candidate) => capacity ?? scale;
  return (one, other) => of(one) * to(other) - of(other) * to(one);
}

function byLoad(load: Order): Order {
  return (one, other) => load(one, other) || byTurn(one, other);
}

/** Who has waited longest; whoever has had none yet comes first. */
function byTurn(one: Candidate, other: Candidate): number {
  return (one.lastTurn ?? 0) - (other.lastTurn ?? 0) || (one.id < other.id ? -1 : 1);
}
