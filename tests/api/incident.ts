/** Incidents as callers of the API open, move and read them. */
import type { Response, Test } from 'supertest';
import { z } from 'zod';
import type { World } from '../harness';

export type Caller = Awaited<ReturnType<World['as']>>;

const Ticket = z.looseObject({
  id: z.uuid(),
  number: z.string(),
  state: z.string(),
  version: z.int(),
  revision: z.int(),
  allowed: z.array(z.string()),
});
export type Ticket = z.infer<typeof Ticket>;

const List = z.looseObject({
  data: z.array(z.looseObject({})),
  page: z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() }),
  total: z.int().optional(),
});

const Problem = z.looseObject({
  status: z.int(),
  code: z.string(),
  requestId: z.string(),
  allowed: z.array(z.string()).optional(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() }))
    .optional(),
});

export const aReport = {
  title: 'No mail',
  description: 'Nothing leaves the outbox.',
  impact: 'medium',
  urgency: 'medium',
};

export function ticketOf({ body }: Response): Ticket {
  return Ticket.parse(body);
}

/** What was answered, to be held against what is expected. */
export async function bodyOf(call: Test | Promise<Response>): Promise<unknown> {
  return (await call).body as unknown;
}

export async function opened(caller: Caller, change: object = {}): Promise<Ticket> {
  return ticketOf(await caller.post('/incidents', { ...aReport, ...change }).expect(201));
}

export async function acted(
  caller: Caller,
  { id }: { id: string },
  command: string,
  input: object = {},
): Promise<Ticket> {
  const response = await caller.post(`/incidents/${id}/actions/${command}`, input);
  if (response.status !== 200) throw new Error(`${command}: ${response.status} ${response.text}`);
  return ticketOf(response);
}

export async function listed(caller: Pick<Caller, 'get'>, path: string) {
  return List.parse((await caller.get(path).expect(200)).body);
}

/** One member of every item of a list. */
export async function each(
  caller: Pick<Caller, 'get'>,
  path: string,
  member: string,
): Promise<unknown[]> {
  return (await listed(caller, path)).data.map((item) => item[member]);
}

/** What a problem document says, as far as it is told to programs; anything else fails. */
export async function refused(call: Test | Promise<Response>) {
  const response = await call;
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const { status, code, allowed, errors } = Problem.parse(response.body);
  expect(response.status).toBe(status);
  return {
    status,
    code,
    ...(allowed && { allowed }),
    ...(errors && { pointers: errors.map(({ pointer }) => pointer) }),
  };
}

export const notFound = { status: 404, code: 'not_found' };
export const invalidAt = (...pointers: string[]) => ({
  status: 422,
  code: 'invalid_input',
  pointers,
});
