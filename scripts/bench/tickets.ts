/** What the bench asks of Holdfast: the five operations, and the steps of a whole life. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Request } from './drive';
import type { People } from './people';
import type { Ask, Reply, Wire } from './wire';

const Opened = z.object({ id: z.uuid() });

export type Tickets = ReturnType<typeof ticketsOf>;

export interface Wording {
  readonly impact: string;
  readonly urgency: string;
}

const usual: Wording = { impact: 'medium', urgency: 'medium' };
const matching = '/incidents?filter[state]=closed&filter[priority]=P3&limit=50';

export function ticketsOf(wire: Wire, people: People) {
  const write = (token: string, path: string, body: object): Ask => ({
    ...{ method: 'POST', path, token, body },
    key: randomUUID(),
  });
  const say = (path: string, body: object, expected: number) => async () =>
    wrongIn(await wire.send(write(people.agent(), path, body)), expected);
  const read = async (path: string) =>
    wrongIn(await wire.send({ method: 'GET', path, token: people.agent() }), 200);
  return {
    /** Opens one as a requester and hands its id on. */
    open:
      (onOpened: (id: string) => void, wording = usual): Request =>
      async () => {
        const body = { title: 'Mail does not leave', description: 'Since 9:10.', ...wording };
        const reply = await wire.send(write(people.requester(), '/incidents', body));
        const wrong = wrongIn(reply, 201);
        if (wrong === undefined) onOpened(Opened.parse(JSON.parse(reply.text)).id);
        return wrong;
      },
    command: (id: string, name: string, input: object): Request =>
      say(`/incidents/${id}/actions/${name}`, input, 200),
    resolve: (id: string): Request =>
      say(`/incidents/${id}/actions/resolve`, { code: 'solved', notes: 'Restarted.' }, 200),
    comment: (id: string): Request =>
      say(`/incidents/${id}/comments`, { body: 'We look into it.' }, 201),
    read:
      (id: string): Request =>
      () =>
        read(`/incidents/${id}`),
    list: (): Request => () => read(encodeURI(matching)),
  };
}

/** Undefined when the answer is the expected one; else its status and code. */
export function wrongIn({ status, text }: Reply, expected: number): string | undefined {
  if (status === expected) return undefined;
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? (status === 0 ? text : '');
  return `${status} ${code}`.trim();
}
