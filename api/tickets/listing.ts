/** What tickets can be filtered and sorted by. */
import type { Process } from '../../models/tickets/rules';
import { channels, levels, priorities } from '../../models/tickets/ticket';
import type { ProcessDeclaration } from '../../workflows/process';
import { defineListing, type Listing, type ListingDeclaration } from '../http/list/listing';
import { everyTicketShape, ticketShape, typesOf } from './representation';

const instants: ListingDeclaration['fields'] = {
  plannedStart: { type: 'instant', column: 't.planned_start' },
  plannedEnd: { type: 'instant', column: 't.planned_end' },
  openedAt: { type: 'instant', column: 't.opened_at', nullable: false },
  updatedAt: { type: 'instant', column: 't.updated_at', nullable: false },
  resolvedAt: { type: 'instant', column: 't.resolved_at' },
  closedAt: { type: 'instant', column: 't.closed_at' },
};

const person = { type: 'reference', refersTo: 'person' } as const;
const thing = { type: 'reference', refersTo: 'thing' } as const;

/** What tickets of every type have. */
const common: ListingDeclaration['fields'] = {
  number: { type: 'text', column: 't.number', nullable: false },
  title: { type: 'text', column: 't.title', nullable: false },
  isOpen: { type: 'boolean', column: 't.is_open', nullable: false },
  priority: { type: 'enum', column: 't.priority', values: priorities, ordered: true },
  impact: { type: 'enum', column: 't.impact', values: levels },
  urgency: { type: 'enum', column: 't.urgency', values: levels },
  channel: { type: 'enum', column: 't.channel', values: channels, nullable: false },
  requester: { ...person, column: 't.requester_id', nullable: false },
  openedBy: { ...person, column: 't.opened_by_id', nullable: false },
  assignee: { ...person, column: 't.assignee_id' },
  watcher: {
    ...person,
    column: 't.watcher_ids',
    many: true,
    nullable: false,
    description: 'Somebody who watches it.',
  },
  team: { type: 'reference', refersTo: 'team', column: 't.team_id' },
  service: { ...thing, column: 't.service_id' },
  category: { ...thing, column: 't.category_id' },
  isConfidential: {
    type: 'boolean',
    sql: 't.confidential_team_id is not null',
    nullable: false,
  },
  tags: {
    type: 'text',
    column: 't.tags',
    many: true,
    nullable: false,
    description: 'In small letters; it has one of those that are named.',
  },
  ...instants,
  dueAt: { type: 'instant', column: 't.due_at' },
  isOverdue: {
    type: 'boolean',
    // Not `coalesce`, which no index answers.
    sql: 't.due_at is not null and t.due_at <= now()',
    nullable: false,
    description: 'A running SLA deadline has passed at this moment.',
  },
};

const order = {
  idSql: 't.id',
  sorts: [
    'openedAt',
    'updatedAt',
    'plannedStart',
    'dueAt',
    'priority',
    'number',
    'resolvedAt',
    'closedAt',
  ],
  defaultSort: '-openedAt',
};

export function ticketListing(process: Process): Listing {
  const { path, states, awaits, flags, names } = process.declaration;
  return defineListing({
    ...order,
    name: path,
    item: ticketShape(process),
    fields: {
      ...common,
      state: stateOf(Object.keys(states)),
      ...awaited(awaits),
      ...flagged(flags),
      ...named(names),
    },
  });
}

/** Of tickets of all these types together. */
export function everyTicketListing(processes: readonly Process[]): Listing {
  const states = processes.flatMap(({ declaration }) => Object.keys(declaration.states));
  return defineListing({
    ...order,
    name: 'tickets',
    item: everyTicketShape(processes),
    fields: {
      type: { type: 'enum', column: 't.type', values: typesOf(processes), nullable: false },
      ...common,
      state: stateOf([...new Set(states)].sort()),
      ...awaited('awaited'),
    },
  });
}

function stateOf(values: readonly string[]): ListingDeclaration['fields'][string] {
  return { type: 'enum', column: 't.state', values, nullable: false };
}

/** Of the declaration, never of input; migration 0026 has an index for majors. */
function flagged(flags: ProcessDeclaration['flags'] = {}): ListingDeclaration['fields'] {
  return Object.fromEntries(
    Object.entries(flags).map(([name, field]) => [
      name,
      {
        type: 'boolean' as const,
        sql: `t.snapshot -> 'details' ->> '${field}' is not null`,
        nullable: false,
      },
    ]),
  );
}

/** Of the declaration, too; migration 0031 has an index for each. */
function named(names: ProcessDeclaration['names'] = {}): ListingDeclaration['fields'] {
  return Object.fromEntries(
    Object.entries(names).map(([name, path]) => [
      name,
      { ...thing, sql: `(t.snapshot #>> '{details,${path}}')::uuid`, nullable: true },
    ]),
  );
}

/** Under the name that the process has for them; none where it waits for nobody. */
function awaited(name: string | undefined): ListingDeclaration['fields'] {
  if (name === undefined) return {};
  return {
    [name]: {
      ...person,
      column: 't.awaited_ids',
      many: true,
      isActedFor: true,
      nullable: false,
      description: 'Somebody whose answer it waits for; `me`: or in whose place I act.',
    },
  };
}
