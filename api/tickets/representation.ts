/** How a ticket looks to callers: the fields of every type, those of its process, and `allowed`. */
import { z } from 'zod';
import { underPresent } from '../../models/tickets/definition';
import { allowedCommands } from '../../models/tickets/guard';
import type { Process } from '../../models/tickets/rules';
import { channels, levels, priorities } from '../../models/tickets/ticket';
import { seesInternal } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { isOpenState, type ProcessDeclaration } from '../../workflows/process';
import { Reference } from '../http/reference';
import type { Found } from './select';
import { actorOn } from './sight';

const at = z.iso.datetime();

export const TicketLink = z
  .object({
    kind: z
      .string()
      .meta({ example: 'blockedBy' })
      .describe(
        'What the other one is to this one. Of those that were born of another one: `followUpOf` = this one ' +
          'follows; `followUp` = that one follows.',
      ),
    ticket: z.object({
      id: z.uuid(),
      number: z.string(),
      name: z.string(),
      type: z.string(),
      state: z.string(),
      isOpen: z.boolean(),
    }),
  })
  .meta({ id: 'TicketLink' });

type TicketShape = ReturnType<typeof shapeOf>;

/** One schema a type: OpenAPI names it once, and two of the same name would be two things. */
const shapes = new WeakMap<Process, TicketShape>();

/** Schema of a type's tickets, with its own details beside the common fields. */
export function ticketShape(process: Process): TicketShape {
  const shape = shapes.get(process) ?? shapeOf(process);
  shapes.set(process, shape);
  return shape;
}

/** What tickets of every type show. */
const commonShape = {
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  isOpen: z.boolean(),
  impact: z.enum(levels).nullable(),
  urgency: z.enum(levels).nullable(),
  priority: z.enum(priorities).nullable(),
  version: z.int().describe('Events so far; the last one has it.'),
  revision: z.int().describe('Changes so far; the ETag.'),
  requester: Reference,
  openedBy: Reference,
  assignee: Reference.nullable(),
  team: Reference.nullable(),
  service: Reference.nullable(),
  category: Reference.nullable(),
  isConfidential: z
    .boolean()
    .describe('Its team alone sees it, beside its requester and watchers.'),
  watcherCount: z.int(),
  awaited: z.array(Reference).describe('Whose answer it waits for.'),
  tags: z.array(z.string()).meta({ example: ['vpn'] }),
  channel: z.enum(channels),
  openedAt: at,
  plannedStart: at.nullable(),
  plannedEnd: at.nullable(),
  resolvedAt: at.nullable(),
  closedAt: at.nullable(),
  updatedAt: at,
  dueAt: at.nullable().describe('The next SLA deadline that is running.'),
};

function shapeOf({ declaration, details }: Process) {
  const [first = '', ...others] = Object.keys(declaration.states);
  return z
    .object({
      ...commonShape,
      number: z.string().meta({ example: `${declaration.prefix}0000042` }),
      type: z.literal(declaration.type),
      state: z.enum([first, ...others]),
      ...details.shape,
      links: z
        .array(TicketLink)
        .optional()
        .describe('Those that the caller may read. Not in lists.'),
      allowed: z.array(z.string()).describe('Commands that the caller may give now.'),
    })
    .meta({ id: schemaNameOf(declaration) });
}

type EveryTicketShape = ReturnType<typeof everyShapeOf>;
const shapesOfAll = new WeakMap<readonly Process[], EveryTicketShape>();

/** Schema of tickets of all these types together: what all of them have. */
export function everyTicketShape(processes: readonly Process[]): EveryTicketShape {
  const shape = shapesOfAll.get(processes) ?? everyShapeOf(processes);
  shapesOfAll.set(processes, shape);
  return shape;
}

function everyShapeOf(processes: readonly Process[]) {
  return z
    .object({
      ...commonShape,
      number: z.string().meta({ example: 'INC0000042' }),
      type: z.enum(typesOf(processes)),
      state: z.string().describe('One of the states of its type.'),
      allowed: z.array(z.string()).describe('Commands that the caller may give now.'),
    })
    .meta({ id: 'AnyTicket' });
}

/** Their types; there is always one. */
export function typesOf(processes: readonly Process[]): [string, ...string[]] {
  const [first = '', ...others] = processes.map(({ declaration }) => declaration.type);
  return [first, ...others];
}

/** A title may be several words, which no schema's name is. */
function schemaNameOf({ type }: ProcessDeclaration): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}

export type TicketBody = z.infer<TicketShape>;

function detailsFor(process: Process, found: Found, actor: Actor) {
  const { details } = underPresent(process, found.ticket);
  if (process.outside === undefined || seesInternal(actorOn(found, actor))) return details;
  return process.outside(details);
}

/** A ticket for this caller. Field by field, as lists make thousands a second. */
export function present(process: Process, found: Found, actor: Actor): TicketBody {
  const body: TicketBody = {
    ...presentCommon(process, found, actor),
    ...detailsFor(process, found, actor),
  };
  return found.links ? { ...body, links: [...found.links] } : body;
}

export type EveryTicketBody = z.infer<EveryTicketShape>;

/** What it has as a ticket of whatever type. */
export function presentCommon(process: Process, found: Found, actor: Actor): EveryTicketBody {
  const { ticket, references } = found;
  return {
    id: ticket.id,
    number: ticket.number,
    type: ticket.type,
    title: ticket.title,
    description: ticket.description,
    state: ticket.state,
    isOpen: isOpenState(process.declaration, ticket.state),
    impact: ticket.impact,
    urgency: ticket.urgency,
    priority: ticket.priority,
    version: ticket.version,
    revision: ticket.revision,
    requester: references.requester,
    openedBy: references.openedBy,
    assignee: references.assignee,
    team: references.team,
    service: references.service,
    category: references.category,
    isConfidential: ticket.confidentialTeamId !== null,
    watcherCount: ticket.watcherIds.length,
    awaited: [...(references.awaited ?? [])],
    tags: [...ticket.tags],
    channel: ticket.channel,
    openedAt: ticket.openedAt,
    plannedStart: ticket.plannedStart,
    plannedEnd: ticket.plannedEnd,
    resolvedAt: ticket.resolvedAt,
    closedAt: ticket.closedAt,
    updatedAt: ticket.updatedAt,
    dueAt: found.dueAt,
    allowed: allowedCommands(process.declaration, ticket, {
      kind: 'person',
      ...actorOn(found, actor),
    }),
  };
}
