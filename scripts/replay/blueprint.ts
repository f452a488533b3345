/** The organization of the replay: its people, teams, services, categories and rules, out of the log. */
import { idOf, type Blueprint, type NewPerson } from '../../models/organizations/found';
import { defaultSettings } from '../../models/organizations/settings';
import { defaultPriorityMatrix, type PriorityMatrix } from '../../models/tickets/priority';
import type { Level, Priority } from '../../models/tickets/ticket';
import { Tally } from './figures';
import { said, type LogRow } from './log-row';
import { unknownCode, type Directory } from './plan';

const slug = 'replay';

/** Accounts that sign in; the log's hundreds of authors act through so many of them. */
const agentCount = 30;

export const overrider = `manager@${slug}.example`;
export const agentEmails = Array.from(
  { length: agentCount },
  (_, index) => `agent-${String(index + 1).padStart(2, '0')}@${slug}.example`,
);

/** The account that acts for an author of the log; the same one in every run. */
export function agentFor(author: string): string {
  const sum = Buffer.from(author).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 7);
  return agentEmails[sum % agentCount] ?? overrider;
}

export interface Hashes {
  /** Of the password with which the accounts sign in. */
  readonly known: string;
  /** Of a password that nobody has: callers and resolvers of the log never sign in. */
  readonly unknown: string;
}

export function blueprintOf(rows: readonly LogRow[], hashes: Hashes): Blueprint {
  const teams = distinct(rows.map(({ kept }) => kept.team));
  const services = distinct(rows.map(({ cells }) => said(cells['cmdb_ci'])));
  const codes = distinct(rows.map(({ cells }) => said(cells['closed_code'])));
  const queue = 'Without group';
  return {
    slug,
    name: 'Replay of a foreign log',
    settings: {
      priorityMatrix: matrixOf(rows),
      resolutionCodes: [...codes, unknownCode, ...defaultSettings.resolutionCodes],
    },
    people: peopleOf(rows, hashes),
    teams: [queue, ...teams].map((name) => ({
      name,
      lead: overrider,
      members: distinct(
        rows.filter(({ kept }) => kept.team === name).map(({ kept }) => kept.assignee),
      ).map(emailOf),
    })),
    services: services.map((name) => ({
      name,
      description: 'A configuration item of the log.',
      team: queue,
    })),
    categories: distinct(rows.map(({ kept }) => kept.category)),
  };
}

function peopleOf(rows: readonly LogRow[], { known, unknown }: Hashes): NewPerson[] {
  const named = (role: NewPerson['role'], passwordHash: string) => (name: string) => ({
    ...{ email: emailOf(name), name, role, passwordHash },
  });
  return [
    { email: overrider, name: 'Replay manager', role: 'manager', passwordHash: known },
    ...agentEmails.map((email, index) => ({
      ...{ email, name: `Replay agent ${index + 1}`, role: 'agent' as const, passwordHash: known },
    })),
    ...distinct(rows.map(({ kept }) => kept.assignee)).map(named('agent', unknown)),
    ...distinct(rows.map(({ cells }) => said(cells['caller_id']))).map(named('end_user', unknown)),
  ];
}

/** `Caller 17` → `caller-17@replay.example`. */
function emailOf(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}@${slug}.example`;
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

/** Ids follow from names, so nothing has to be read back. */
export const directory: Directory & { service(name: string | null): string | null } = {
  team: (name) => (name === null ? null : idOf(slug, 'team', name)),
  person: (name) => (name === null ? null : idOf(slug, 'person', emailOf(name))),
  category: (name) => (name === null ? null : idOf(slug, 'category', name)),
  service: (name) => (name === null ? null : idOf(slug, 'service', name)),
};

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
