import { pino } from 'pino';
import { z } from 'zod';
import { createMailDesk } from '../../mail/desk';
import { userRoutes } from '../../users/routes';
import { teamRoutes } from '../../teams/routes';
import { defineRoute } from '../route';
import { checkRoutes, openApiDocument } from './document';

const noDatabase = () => Promise.reject(new Error('no database here'));
const sources = {
  database: { inOrganization: noDatabase, once: noDatabase, unscoped: noDatabase },
  secret: '',
  permissions: [],
  desk: createMailDesk({ publicUrl: '', log: pino({ level: 'silent' }) }),
};

const act = defineRoute({
  method: 'post',
  path: '/things/{id}/actions/{command}',
  tag: 'Things',
  summary: 'Do something with a thing.',
  access: 'thing:act',
  params: z.strictObject({ id: z.uuid(), command: z.enum(['a', 'b']) }),
  body: z.strictObject({ why: z.string().meta({ examples: ['Broken'] }) }),
  reply: { status: 200, description: 'Done.', body: z.object({ id: z.uuid() }) },
  alsoReplies: [{ status: 202, description: 'Not decided yet.' }],
  handle: () => Promise.resolve({ status: 202 }),
});
const open = defineRoute({
  method: 'post',
  path: '/door',
  tag: 'Things',
  summary: 'Open the door.',
  access: 'public',
  reply: { status: 204, description: 'Open.' },
  handle: () => Promise.resolve({}),
});

const routes = [act, open, ...userRoutes(sources), ...teamRoutes(sources)];
const document = openApiDocument(routes, {
  title: 'Test',
  version: '1',
  description: 'Test.',
  base: '/api/v1',
});
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  [item.get, item.post, item.patch, item.delete].flatMap((operation) =>
    operation ? [{ path, ...operation }] : [],
  ),
);
const at = (path: string) => operations.find((operation) => operation.path === `/api/v1${path}`);
const namesAt = (path: string) =>
  (at(path)?.parameters ?? []).map((one) => ('name' in one ? one.name : one.$ref));

describe('the OpenAPI document', () => {
  it('is 3.1 and has every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations).toHaveLength(routes.length);
  });

  it('says who may call', () => {
    expect(at('/things/{id}/actions/{command}')).toMatchObject({
      security: [{ bearer: [] }],
      description: 'Needs the permission `thing:act`.',
    });
    expect(at('/door')?.security).toEqual([]);
  });

  it('has path parameters and the headers that apply', () => {
    expect(namesAt('/things/{id}/actions/{command}')).toEqual([
      'id',
      'command',
      'Idempotency-Key',
      'If-Match',
    ]);
    expect(namesAt('/door')).toEqual([]);
  });

  it('has a parameter for each filter of a list', () => {
    expect(namesAt('/users')).toEqual(
      expect.arrayContaining(['limit', 'cursor', 'sort', 'q', 'count', 'fields', 'filter[role]']),
    );
  });

  it('has every reply, and every refusal that can come', () => {
    const statuses = (path: string) => Object.keys(at(path)?.responses ?? {}).map(Number);
    expect(statuses('/things/{id}/actions/{command}')).toEqual([
      200, 202, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503,
    ]);
    expect(statuses('/door')).toEqual([204, 400, 422, 429, 500, 503]);
  });

  it('shows examples', () => {
    expect(JSON.stringify(at('/things/{id}/actions/{command}')?.requestBody)).toContain('Broken');
  });

  it('refers only to what it has', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    const known = [
      ...Object.keys(document.components?.schemas ?? {}).map((name) => `schemas/${name}`),
      ...Object.keys(document.components?.responses ?? {}).map((name) => `responses/${name}`),
    ];
    expect(references.length).toBeGreaterThan(10);
    expect(text.match(/"\$ref"/g)).toHaveLength(references.length);
    for (const [, kind, name] of references) expect(known).toContain(`${kind}/${name}`);
  });

  it('gives each operation a name of its own', () => {
    const names = operations.map((operation) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});

const permission = { name: 'thing:act', role: 'agent', description: 'Act.' } as const;

describe('routes', () => {
  it('are refused when two have the same address and method', () => {
    expect(() => {
      checkRoutes([act, act], [permission]);
    }).toThrow(/declared twice/);
  });

  it('are refused when one asks for a permission that there is not', () => {
    expect(() => {
      checkRoutes([act], []);
    }).toThrow('thing:act is no permission');
  });
});
