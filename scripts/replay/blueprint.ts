/** The organization of the replay: its people, teams, services, categories and rules, out of the log. */
import type { Blueprint, NewPerson } from '../../models/organizations/found';
import { defaultSettings } from '../../models/organizations/settings';
import { defaultPriorityMatrix, type PriorityMatrix } from '../../models/tickets/priority';
import type { Level, Priority } from '../../models/tickets/ticket';
import type { Cast } from './cast';
import { Tally } from './figures';
import type { LogRow } from './log-row';
import { unknownCode } from './plan';

export interface Hashes {
  /** Of the password with which the accounts sign in. */
  readonly known: string;
  /** Of a password that nobody has: callers and resolvers of the log never sign in. */
  readonly unknown: string;
}

export function blueprintOf(rows: readonly LogRow[], cast: Cast, hashes: Hashes): Blueprint {
  const teams = distinct(rows.map(({ kept }) => kept.team));
  const services = distinct(rows.map(({ opening }) => opening.service));
  const codes = distinct(rows.map(({ resolution }) => resolution.code));
  const queue = 'Without group';
  return {
    slug: cast.organization,
    name: 'Replay of a foreign log',
    settings: {
      priorityMatrix: matrixOf(rows),
      resolutionCodes: [...codes, unknownCode, ...defaultSettings.resolutionCodes],
    },
    people: peopleOf(rows, cast, hashes),
    teams: [queue, ...teams].map((name) => ({
      name,
      lead: cast.manager,
      members: distinct(
        rows.filter(({ kept }) => kept.team === name).map(({ kept }) => kept.assignee),
      ).map(cast.emailOf),
    })),
    services: services.map((name) => ({
      name,
      description: 'A configuration item of the log.',
      team: queue,
    })),
    categories: distinct(rows.map(({ kept }) => kept.category)),
  };
}

function peopleOf(
  rows: readonly LogRow[],
  { manager, agents, emailOf }: Cast,
  { known, unknown }: Hashes,
): NewPerson[] {
  const named = (role: NewPerson['role'], passwordHash: string) => (name: string) => ({
    ...{ email: emailOf(name), name, role, passwordHash },
  });
  return [
    { email: manager, name: 'Replay manager', role: 'manager', passwordHash: known },
    ...agents.map((email, index) => ({
      ...{ email, name: `Replay agent ${index + 1}`, role: 'agent' as const, passwordHash: known },
    })),
    ...distinct(rows.map(({ kept }) => kept.assignee)).map(named('agent', unknown)),
    ...distinct(rows.map(({ opening }) => opening.caller)).map(named('end_user', unknown)),
  ];
}

/** The priority that the log gives most often to each pair; pairs that it never has keep our default. */
export function matrixOf(rows: readonly LogRow[]): PriorityMatrix {
  const seen = new Map<string, Tally>();
  const words = new Map<string, Priority>();
  for (const { kept } of rows) {
    if (kept.impact === null || kept.urgency === null || kept.priority === null) continue;
    const pair = `${kept.impact}/${kept.urgency}`;
    const tally = seen.get(pair) ?? new Tally();
    tally.add(kept.priority);
    seen.set(pair, tally);
    words.set(kept.priority, kept.priority);
  }
  const cell = (impact: Level, urgency: Level): Priority => {
    const [most] = seen.get(`${impact}/${urgency}`)?.sorted()[0] ?? [];
    return words.get(most ?? '') ?? defaultPriorityMatrix[impact][urgency];
  };
  const line = (impact: Level) => ({
    high: cell(impact, 'high'),
    medium: cell(impact, 'medium'),
    low: cell(impact, 'low'),
  });
  return { high: line('high'), medium: line('medium'), low: line('low') };
}

/** How many of each the organization of these rows has, for the report. */
export function sizeOf({ people, teams, services, categories }: Blueprint) {
  return {
    people: people.length,
    teams: teams.length,
    services: services.length,
    categories: categories.length,
  };
}

function distinct(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))].sort();
}
