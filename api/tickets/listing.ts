/** What tickets can be filtered and sorted by. */
import type { Process } from '../../models/tickets/rules';
import { channels, levels, priorities } from '../../models/tickets/ticket';
import type { ProcessDeclaration } from '../../workflows/process';
import { defineListing, type Listing, type ListingDeclaration } from '../http/list/listing';
import { ticketShape } from './representation';

const instants: ListingDeclaration['fields'] = {
  plannedStart: { type: 'instant', column: 't.planned_start' },
  plannedEnd: { type: 'instant', column: 't.planned_end' },
  openedAt: { type: 'instant', column: 't.opened_at', nullable: false },
  updatedAt: { type: 'instant', column: 't.updated_at', nullable: false },
  resolvedAt: { type: 'instant', column: 't.resolved_at' },
  closedAt: { type: 'instant', column: 't.closed_at' },
};

const tags: ListingDeclaration['fields'] = {
  tags: {
    type: 'text',
    column: 't.tags',
    many: true,
    nullable: false,
    description: 'In small letters; it has one of those that are named.',
  },
};

export function ticketListing(process: Process): Listing {
  const { path, states, awaits, flags } = process.declaration;
  return defineListing({
    name: path,
    item: ticketShape(process),
    idSql: 't.id',
    fields: {
      number: { type: 'text', column: 't.number', nullable: false },
      title: { type: 'text', column: 't.title', nullable: false },
      state: { type: 'enum', column: 't.state', values: Object.keys(states), nullable: false },
      isOpen: { type: 'boolean', column: 't.is_open', nullable: false },
      priority: { type: 'enum', column: 't.priority', values: priorities, ordered: true },
      impact: { type: 'enum', column: 't.impact', values: levels },
      urgency: { type: 'enum', column: 't.urgency', values: levels },
      channel: { type: 'enum', column: 't.channel', values: channels, nullable: false },
      requester: { type: 'reference', column: 't.requester_id', nullable: false },
      openedBy: { type: 'reference', column: 't.opened_by_id', nullable: false },
      assignee: { type: 'reference', column: 't.assignee_id' },
      team: { type: 'reference', column: 't.team_id' },
      service: { type: 'reference', column: 't.service_id' },
      category: { type: 'reference', column: 't.category_id' },
      isConfidential: {
        type: 'boolean',
        sql: 't.confidential_team_id is not null',
        nullable: false,
      },
      ...tags,
      ...awaited(awaits),
      ...flagged(flags),
      ...instants,
      dueAt: { type: 'instant', column: 't.due_at' },
      isOverdue: {
        type: 'boolean',
        sql: 'coalesce(t.due_at <= now(), false)',
        nullable: false,
        description: 'A running SLA deadline has passed at this moment.',
      },
    },
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
  });
}

/** Of the declaration, never of input; migration 0032 has an index for majors. */
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

/** Under the name that the process has for them; none where it waits for nobody. */
function awaited(name: string | undefined): ListingDeclaration['fields'] {
  if (name === undefined) return {};
  return {
    [name]: {
      type: 'reference',
      column: 't.awaited_ids',
      many: true,
      nullable: false,
      description: 'Somebody whose answer it waits for; `me`: or in whose place I act.',
    },
  };
}
