/** People of a world, signed in over HTTP. */
import type supertest from 'supertest';
import { idOf } from '../../models/organizations/found';

/** Of everybody in a world. */
export const password = 'Correct-horse-1';

type Server = ReturnType<typeof supertest>;

export function callersOf(server: Server, slug: string) {
  return {
    /** Id of a person, team, service ... by its name. */
    id: (kind: 'person' | 'team' | 'service' | 'category', name: string) =>
      idOf(slug, kind, kind === 'person' ? `${name}@${slug}.example` : name),
    /** A caller who is signed in as `user`, `agent`, ... */
    as: (name: string) => signIn(server, `${name}@${slug}.example`),
  };
}

async function signIn(server: Server, email: string) {
  const answer = await server.post('/api/v1/auth/login').send({ email, password });
  const { accessToken } = answer.body as { accessToken?: string };
  if (accessToken === undefined) throw new Error(`${email} cannot sign in: ${answer.text}`);
  const call = (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string) =>
    server[method](`/api/v1${path}`).set('authorization', `Bearer ${accessToken}`);
  return {
    get: (path: string) => call('get', path),
    post: (path: string, body: object = {}) => call('post', path).send(body),
    put: (path: string, body: object) => call('put', path).send(body),
    patch: (path: string, body: object) => call('patch', path).send(body),
    delete: (path: string) => call('delete', path),
  };
}
