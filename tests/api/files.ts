/** Files as callers of the API send and fetch them, over a real connection. */
import { randomBytes } from 'node:crypto';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { password, type World } from '../harness';

export const Attachment = z.looseObject({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  isPublic: z.boolean(),
  commentId: z.uuid().nullable(),
  addedBy: z.object({ id: z.string(), name: z.string() }),
});
export type Attachment = z.infer<typeof Attachment>;

export const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  Buffer.alloc(64),
]);

/** A PDF by its mark, of so many bytes, unlike any other. */
export function pdfOf(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes - 9)]);
}

export type Door = Awaited<ReturnType<typeof doorOf>>;

/** `url` is where the API listens. */
export async function doorOf(world: Pick<World, 'slug'>, url: string, name: string) {
  const email = `${name}@${world.slug}.example`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email, password });
  const answer = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body });
  const { accessToken } = z.object({ accessToken: z.string() }).parse(await answer.json());
  const authorization = `Bearer ${accessToken}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}/api/v1${path}`, {
      ...init,
      headers: new Headers([...new Headers(init.headers), ['authorization', authorization]]),
    });
  return {
    get: (path: string, more: Record<string, string> = {}) => ask(path, { headers: more }),
    delete: (path: string) => ask(path, { method: 'DELETE' }),
    /** Sends a file whole. */
    add: (path: string, file: Uint8Array, more: Record<string, string> = {}) =>
      ask(path, { method: 'POST', body: new Uint8Array(file), headers: more }),
    /** Begins to send one piece by piece; `end` it or `destroy` it. */
    begin: (path: string, more: Record<string, string> = {}) => {
      const sending = request(`${url}/api/v1${path}`, {
        ...{ method: 'POST', headers: { authorization, ...more } },
      });
      sending.on('error', () => undefined);
      return sending;
    },
  };
}

/** What a page of attachments has. */
export async function listedBy(door: Door, path: string): Promise<Attachment[]> {
  const answer = await door.get(path);
  return z.object({ data: z.array(Attachment) }).parse(await answer.json()).data;
}

export async function problemIn(answer: Response): Promise<[number, string]> {
  const { code } = z.object({ code: z.string() }).parse(await answer.json());
  return [answer.status, code];
}

export function addressOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
