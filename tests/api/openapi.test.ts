import supertest from 'supertest';
import { z } from 'zod';
import { incident } from '../../workflows/incidents/process';
import { openWorld, type World } from '../harness';

const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string(), z.object({ schema: Schema }));
const Parameter = z.looseObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
  schema: Schema,
});
const Reply = z.union([
  z.strictObject({ $ref: z.string() }),
  z.looseObject({ description: z.string().min(1), content: Content.optional() }),
]);
const Operation = z.looseObject({
  operationId: z.string().min(1),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(Parameter).default([]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), Reply),
});
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.looseObject({ title: z.string().min(1), version: z.string().min(1) }),
  tags: z.array(z.looseObject({ name: z.string() })),
  paths: z.record(z.string().regex(/^\/api\/v1\//), z.partialRecord(z.enum(methods), Operation)),
  components: z.looseObject({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9_]+$/), Schema),
    responses: z.record(z.string(), Reply),
    securitySchemes: z.object({ bearer: z.looseObject({ type: z.literal('http') }) }),
  }),
});

let world: World;
let document: z.infer<typeof Document>;
let operations: (z.infer<typeof Operation> & { path: string; method: string })[];
beforeAll(async () => {
  world = await openWorld({ worker: false });
  const response = await supertest(world.app).get('/api/openapi.json').expect(200);
  document = Document.parse(response.body);
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, ...operation }] : [];
    }),
  );
});
afterAll(() => world.close());

const commands = Object.keys(incident.commands);
const line = ({ method, path }: { method: string; path: string }) => `${method} ${path.slice(7)}`;

describe('the OpenAPI document of the service', () => {
  it('has every endpoint, every command among them', () => {
    expect(operations.map(line)).toEqual(
      expect.arrayContaining([
        ...['post /auth/login', 'post /auth/refresh', 'get /me', 'get /me/notifications'],
        ...['users', 'teams', 'services', 'categories'].flatMap((path) => [
          `get /${path}`,
          `get /${path}/{id}`,
        ]),
        ...['get /incidents', 'post /incidents', 'get /incidents/{id}', 'patch /incidents/{id}'],
        ...['get /incidents/{id}/actions', 'get /incidents/{id}/comments'],
        ...['post /incidents/{id}/comments', 'get /incidents/{id}/watchers'],
        ...['post /incidents/{id}/watchers', 'delete /incidents/{id}/watchers/{userId}'],
        ...['get /incidents/{id}/events', 'get /incidents/{id}/agenda', 'get /incidents/{id}/sla'],
        'get /commands/{id}',
        ...commands.map((name) => `post /incidents/{id}/actions/${name}`),
      ]),
    );
  });

  it('has for every address exactly the methods that the service takes there', async () => {
    for (const [path, item] of Object.entries(document.paths)) {
      const address = path.replace(/\{\w+\}/g, '0197d9f5-0000-7000-8000-00000000000a');
      const response = await supertest(world.app).options(address);
      const taken = response.headers['allow']?.split(', ').filter((method) => method !== 'HEAD');
      const documented = Object.keys(item).map((method) => method.toUpperCase());
      expect([path, response.status, taken?.sort()]).toEqual([path, 405, documented.sort()]);
    }
  });

  it('declares every parameter of a path, and no other', () => {
    for (const { path, parameters } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((one) => one.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  it('names every operation once, and every tag that is used', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(document.tags.map(({ name }) => name))).toEqual(
      new Set(operations.flatMap(({ tags }) => tags)),
    );
  });

  it('asks for a bearer token everywhere but at the door', () => {
    const open = operations.filter(({ security }) => security.length === 0);
    expect(open.map(({ path }) => path.slice(7)).every((path) => path.startsWith('/auth/'))).toBe(
      true,
    );
    expect(open).toHaveLength(5);
  });

  it.each(commands)(
    'has the command %s with a named input, the incident, and its refusals',
    (name) => {
      const operation = operations.find(({ path }) => path.endsWith(`/actions/${name}`));
      const body = operation?.requestBody?.content['application/json']?.schema;
      const takesNothing = { type: 'object', properties: {}, additionalProperties: false };
      const named = { $ref: expect.stringMatching(/^#\/components\/schemas\/\w+$/) as string };
      expect([takesNothing, named]).toContainEqual(body);
      expect(operation?.responses['200']).toMatchObject({
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Incident' } } },
      });
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(['200', '202', '401', '403', '404', '409', '412', '422']),
      );
    },
  );

  it('refers only to what it has', () => {
    const references = [
      ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g),
    ];
    expect(references.length).toBeGreaterThan(50);
    const known = {
      schemas: Object.keys(document.components.schemas),
      responses: Object.keys(document.components.responses),
    };
    for (const [, kind, name] of references) {
      expect(known[kind === 'schemas' ? 'schemas' : 'responses']).toContain(name);
    }
  });

  it('refuses unknown fields in every named input, as the service does', () => {
    const inputs = Object.entries(document.components.schemas).filter(([name]) =>
      /^(New|Edit|Open|Assign|Classify|Prioritize|Resolve|Reopen|Cancel|Declare)/.test(name),
    );
    expect(inputs.length).toBeGreaterThan(8);
    for (const [name, schema] of inputs) {
      expect([name, schema['additionalProperties']]).toEqual([name, false]);
    }
  });
});
