/** How a ticket looks to callers: the fields of every type, those of its process, and `allowed`. */
import { z } from 'zod';
import { underPresent } from '../../models/tickets/definition';
import { allowedCommands } from '../../models/tickets/guard';
import type { Process } from '../../models/tickets/rules';
import { channels, levels, priorities } from '../../models/tickets/ticket';
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

function shapeOf({ declaration, details }: Process) {
  const [first = '', ...others] = Object.keys(declaration.states);
  return z
    .object({
      id: z.uuid(),
      number: z.string().meta({ example: `${declaration.prefix}0000042` }),
      type: z.literal(declaration.type),
      title: z.string(),
      description: z.string(),
      state: z.enum([first, ...others]),
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
      ...details.shape,
      links: z
        .array(TicketLink)
        .optional()
        .describe('Those that the caller may read. Not in lists.'),
      allowed: z.array(z.string()).describe('Commands that the caller may give now.'),
    })
    .meta({ id: schemaNameOf(declaration) });
}

/** A title may be several words, which no schema's name is. */
function schemaNameOf({ type }: ProcessDeclaration): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}

export type TicketBody = z.infer<TicketShape>;

/** A ticket for this caller. Field by field, as lists make thousands a second. */
export function present(process: Process, found: Found, actor: Actor): TicketBody {
  const { ticket, references, links } = found;
  const body: TicketBody = {
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
    ...underPresent(process, ticket).details,
    allowed: allowedCommands(process.declaration, ticket, {
      kind: 'person',
      ...actorOn(found, actor),
    }),
  };
  return links ? { ...body, links: [...links] } : body;
}
