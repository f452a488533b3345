/** What kinds of tickets there are, as their declarations say it: the same for every organization. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { linkKinds, wordsOf } from '../../models/tickets/links';
import type { Process } from '../../models/tickets/rules';
import { roles } from '../../models/users/actor';
import { diagramOf } from '../../workflows/diagram';
import { permissionOf } from '../../workflows/process';
import { defineRoute, type Route } from '../http/route';
import { ticketShape } from '../tickets/representation';

export function processRoutes(processes: readonly Process[]): Route[] {
  return [listRoute(processes), readRoute(processes), diagramRoute(processes)];
}

const Command = z
  .object({
    name: z.string(),
    summary: z.string(),
    from: z.array(z.string()).describe('States in which it is possible.'),
    to: z.array(z.string()).describe('States to which it may lead; `same` = it stays where it is.'),
    permission: z.string(),
    role: z.enum(roles).describe('The least protected role that has the permission.'),
    requester: z.array(z.string()).describe('States in which the requester may do it in any case.'),
    event: z.string().describe('Type of the line that it leaves in the feed.'),
  })
  .meta({ id: 'ProcessCommand' });

const Link = z
  .object({
    kind: z.enum(linkKinds),
    words: z.string().meta({ example: 'is blocked by' }),
    forbids: z
      .array(z.string())
      .describe('Commands that are not possible until the other one has ended.'),
    follows: z
      .boolean()
      .describe('It hears when the other one ends, and may end or go on with that.'),
  })
  .meta({ id: 'ProcessLink' });

const shape = z
  .object({
    type: z.string().meta({ example: 'incident' }),
    path: z.string().describe('Below /api/v1.').meta({ example: 'incidents' }),
    prefix: z.string().meta({ example: 'INC' }),
    title: z.string().meta({ example: 'Incident' }),
    version: z.int().describe('Of the definition; tickets move to it with their next fact.'),
    opening: z.object({
      state: z.string(),
      permission: z.string().nullable().describe('null: orders or other tickets open it.'),
      role: z.enum(roles),
    }),
    states: z.array(z.object({ name: z.string(), kind: z.enum(['open', 'final']) })),
    commands: z.array(Command),
    signals: z.array(z.object({ name: z.string(), summary: z.string() })),
    notices: z.array(z.object({ name: z.string(), text: z.string() })),
    links: z.array(Link).describe('Kinds that do something to tickets that have one.'),
  })
  .meta({ id: 'Process' });

const schemaName = z.string().nullable();
const detailed = shape
  .extend({
    schemas: z
      .object({
        ticket: schemaName,
        open: schemaName,
        commands: z.record(z.string(), schemaName),
      })
      .describe('Names under `components/schemas` of the OpenAPI document; null = has no name.'),
  })
  .meta({ id: 'ProcessInFull' });

function presented({ declaration }: Process): z.infer<typeof shape> {
  const { type, path, prefix, title, version, opening } = declaration;
  return {
    ...{ type, path, prefix, title, version },
    opening: {
      state: opening.state,
      permission: opening.by === 'lives' ? null : `${type}:open`,
      role: opening.role,
    },
    states: Object.entries(declaration.states).map(([name, kind]) => ({ name, kind })),
    commands: Object.entries(declaration.commands).map(([name, command]) => ({
      ...{ name, summary: command.summary, from: [...command.from], to: [...command.to] },
      ...{ permission: permissionOf(declaration, name), role: command.role },
      ...{ requester: [...(command.requester ?? [])], event: command.event },
    })),
    signals: Object.entries(declaration.signals).map(([name, { summary }]) => ({ name, summary })),
    notices: Object.entries(declaration.notices).map(([name, text]) => ({ name, text })),
    links: linkKinds.flatMap((kind) => {
      const effect = declaration.links?.[kind];
      if (!effect) return [];
      const { forbids = [], follows } = effect;
      const isFollower = follows !== undefined;
      return [{ kind, words: wordsOf(kind), forbids: [...forbids], follows: isFollower }];
    }),
  };
}

function inFull(process: Process): z.infer<typeof detailed> {
  const { open, commands } = process.inputs;
  const named = Object.entries(commands).map(([name, schema]) => [name, nameOf(schema)] as const);
  return {
    ...presented(process),
    schemas: {
      ticket: nameOf(ticketShape(process)),
      open: nameOf(open),
      commands: Object.fromEntries(named),
    },
  };
}

function nameOf(schema: z.ZodType): string | null {
  return schema.meta()?.id ?? null;
}

const facts = { tag: 'Processes', access: 'signedIn' } as const;

function listRoute(processes: readonly Process[]): Route {
  return defineRoute({
    ...facts,
    method: 'get',
    path: '/processes',
    summary: 'Every kind of ticket: its states, its commands and who may give them.',
    reply: { status: 200, description: 'All.', body: z.object({ data: z.array(shape) }) },
    handle: () => Promise.resolve({ body: { data: processes.map(presented) } }),
  });
}

const Params = z.strictObject({
  type: z.string().min(1).max(60).describe('Type of ticket.').meta({ example: 'incident' }),
});

function readRoute(processes: readonly Process[]): Route {
  return defineRoute({
    ...facts,
    method: 'get',
    path: '/processes/{type}',
    summary: 'One kind of ticket, with the names of its schemas in this document.',
    params: Params,
    reply: { status: 200, description: 'The process.', body: detailed },
    handle: ({ params }) => promised(() => ({ body: inFull(processOf(processes, params.type)) })),
  });
}

function diagramRoute(processes: readonly Process[]): Route {
  return defineRoute({
    ...facts,
    method: 'get',
    path: '/processes/{type}/diagram',
    summary: 'The process as a picture: a Mermaid state diagram, drawn from its declaration.',
    params: Params,
    reply: {
      status: 200,
      description: 'Mermaid text (stateDiagram-v2).',
      media: 'text/vnd.mermaid; charset=utf-8',
    },
    handle: ({ params }) =>
      promised(() => {
        const text = diagramOf(processOf(processes, params.type).declaration);
        return { stream: (write: (piece: string) => Promise<void>) => write(text) };
      }),
  });
}

function processOf(processes: readonly Process[], type: string): Process {
  const found = processes.find(({ declaration }) => declaration.type === type);
  if (!found) throw new Refusal('not_found', `There is no process ${type}.`);
  return found;
}

/** What it throws becomes a rejection. */
function promised<T>(make: () => T): Promise<T> {
  return Promise.resolve().then(make);
}
