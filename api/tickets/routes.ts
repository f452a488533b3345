/** The routes of every ticket type, from its declaration: open, list, read, edit, and its commands. */
import { z } from 'zod';
import type { Process } from '../../models/tickets/rules';
import type { TextEdit } from '../../models/tickets/texts';
import { answersOf } from '../../workflows/process';
import { mayEdit } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { Refusal } from '../../models/errors';
import { pageSchema } from '../http/list/page';
import { fieldsOf, listQuery } from '../http/list/query';
import { defineRoute, type Route } from '../http/route';
import { sendAnswer } from './answers';
import { sendCommand, type Answer, type Sent } from './commands';
import type { Caller, TicketDeps } from './door';
import { readTickets, ticketListOf } from './list';
import { open } from './open';
import { present, ticketShape } from './representation';
import { applyToRow } from './row';
import { readActedOn, readTicket, type Found } from './select';
import { viewerOf } from './sight';

const base = '/api/v1';

/** `{id}`: an id or a number. */
export const TicketParams = z.strictObject({
  id: z.string().min(1).max(60).describe('Id or number.').meta({ example: 'INC0000042' }),
});

export function ticketRoutes(deps: TicketDeps, process: Process): Route[] {
  return [
    ...(process.declaration.opening.by === 'lives' ? [] : [openRoute(deps, process)]),
    listRoute(deps, process),
    readRoute(deps, process),
    editRoute(deps, process),
    actionsRoute(deps, process),
    ...Object.keys(process.declaration.commands).map((name) =>
      actionRoute(deps, process, name, sendCommand),
    ),
    ...answersOf(process.declaration).map((name) => actionRoute(deps, process, name, sendAnswer)),
  ];
}

function openRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'post',
    path: `/${path}`,
    tag: title,
    summary: `Open a ${type}.`,
    access: `${type}:open`,
    body: process.inputs.open,
    reply: { status: 201, description: 'It is open.', body: ticketShape(process) },
    handle: async ({ actor, body, request }) => {
      const found = await open(deps, process, { actor, request }, body);
      return {
        body: present(process, found, actor),
        revision: found.ticket.revision,
        location: `${base}/${path}/${found.ticket.id}`,
      };
    },
  });
}

function listRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  const list = ticketListOf(process);
  return defineRoute({
    method: 'get',
    path: `/${path}`,
    tag: title,
    summary: `List ${path}.`,
    access: `${type}:read`,
    query: listQuery(list.listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(ticketShape(process)) },
    handle: async ({ actor, query }) => {
      const { secret } = deps;
      return deps.database.inOrganization(actor.organizationId, (tx) =>
        readTickets(tx, list, query, { actor, secret }),
      );
    },
  });
}

function readRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  const shape = ticketShape(process);
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}`,
    tag: title,
    summary: `Read a ${type}.`,
    access: `${type}:read`,
    params: TicketParams,
    query: z.strictObject({ fields: fieldsOf(shape) }),
    reply: { status: 200, description: `The ${type}.`, body: shape },
    handle: async ({ actor, params }) => {
      const found = await seen(deps, process, actor, params.id);
      return { body: present(process, found, actor), revision: found.ticket.revision };
    },
  });
}

function seen({ database }: TicketDeps, process: Process, actor: Actor, idOrNumber: string) {
  return readTicket(database, viewerOf(process, actor), idOrNumber);
}

const TicketEdit = z
  .strictObject({
    title: z.string().trim().min(1).max(200).optional(),
    description: z.string().trim().min(1).max(20_000).optional(),
    isConfidential: z
      .boolean()
      .optional()
      .describe(
        'True: its team alone sees it, beside its requester and watchers. For members of the team, and for ' +
          'who holds `ticket:confidential`.',
      ),
  })
  .refine((given) => Object.keys(given).length > 0, { message: 'give at least one field' })
  .meta({ id: 'EditTicket' });

function editRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'patch',
    path: `/${path}/{id}`,
    tag: title,
    summary: 'Change title or description, or who sees it.',
    access: `${type}:read`,
    params: TicketParams,
    body: TicketEdit,
    reply: { status: 200, description: `The ${type}.`, body: ticketShape(process) },
    handle: async ({ actor, params, body, request }) => {
      const sent = { idOrNumber: params.id, name: 'edited', input: body };
      const check = (by: Actor, found: Found) => {
        refuseEdit(type, body, by, found);
      };
      const { ticket } = await applyToRow(deps, process, { actor, request }, { ...sent, check });
      const found = await readActedOn(deps.database, viewerOf(process, actor), ticket.id);
      return { body: present(process, found, actor), revision: found.ticket.revision };
    },
  });
}

function refuseEdit(type: string, body: TextEdit, actor: Actor, { ticket }: Found): void {
  if (mayEdit(actor, type)) return;
  if (body.isConfidential !== undefined)
    throw new Refusal('forbidden', 'Only its team makes it confidential, or open again.');
  if (ticket.requesterId === actor.id) return;
  throw new Refusal('forbidden', 'Only agents and the requester change its texts.');
}

const Action = z
  .object({ name: z.string(), summary: z.string(), href: z.string() })
  .meta({ id: 'Action' });

function actionsRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/actions`,
    tag: title,
    summary: 'What I may do now.',
    access: `${type}:read`,
    params: TicketParams,
    reply: {
      status: 200,
      description: 'Commands that the caller may give.',
      body: z.object({ data: z.array(Action) }),
    },
    handle: async ({ actor, params }) => {
      const found = await seen(deps, process, actor, params.id);
      const data = present(process, found, actor).allowed.map((name) => ({
        name,
        summary: summaryOf(process, name),
        href: `${base}/${path}/${found.ticket.id}/actions/${name}`,
      }));
      return { body: { data } };
    },
  });
}

const Undecided = z.object({ id: z.uuid(), status: z.literal('unknown') });

function summaryOf({ declaration: { commands, signals } }: Process, name: string): string {
  return (commands[name] ?? signals[name])?.summary ?? name;
}

type Send = (deps: TicketDeps, process: Process, caller: Caller, sent: Sent) => Promise<Answer>;

/** A command or an answer: both are decided by the ticket's life, and travel there in different ways. */
function actionRoute(deps: TicketDeps, process: Process, name: string, send: Send): Route {
  const { type, path, title } = process.declaration;
  const { commands, signals } = process.inputs;
  return defineRoute({
    method: 'post',
    path: `/${path}/{id}/actions/${name}`,
    tag: title,
    summary: summaryOf(process, name),
    access: `${type}:read`,
    params: TicketParams,
    body: commands[name] ?? signals[name] ?? z.strictObject({}),
    reply: { status: 200, description: `The ${type} after it.`, body: ticketShape(process) },
    alsoReplies: [
      {
        status: 202,
        description: 'Not decided yet: ask there, or repeat with the same Idempotency-Key.',
        body: Undecided,
      },
    ],
    handle: async ({ actor, params, body, request }) => {
      const sent = { idOrNumber: params.id, name, input: body };
      const { found, commandId } = await send(deps, process, { actor, request }, sent);
      if (found) return { body: present(process, found, actor), revision: found.ticket.revision };
      return {
        status: 202,
        body: { id: commandId, status: 'unknown' as const },
        location: `${base}/commands/${commandId}`,
      };
    },
  });
}
