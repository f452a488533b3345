/** Every operation of the API, as its own document tells of it. */
import type { Express } from 'express';
import supertest from 'supertest';
import { z } from 'zod';

const Variant = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });
const Schema = Variant.extend({
  $ref: z.string().optional(),
  oneOf: z.array(Variant).default([]),
  anyOf: z.array(Variant).default([]),
});

const Operation = z.object({
  'x-access': z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  requestBody: z
    .object({
      content: z.object({ 'application/json': z.object({ schema: Schema }).optional() }),
    })
    .optional(),
});

const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({
    schemas: z.record(z.string(), Schema.catch({ properties: {}, oneOf: [], anyOf: [] })),
  }),
});

export interface Operation {
  /** `post /users/{id}/roles`. */
  readonly name: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below the base, parameters in braces. */
  readonly path: string;
  readonly access: string;
  /** Names in the query. */
  readonly query: readonly string[];
  /** Members of its body; undefined: it takes none. */
  readonly body: readonly string[] | undefined;
}

export async function operationsOf(app: Express): Promise<Operation[]> {
  const answer = await supertest(app).get('/api/openapi.json');
  const { paths, components } = Document.parse(answer.body);
  return Object.entries(paths).flatMap(([full, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const path = full.replace('/api/v1', '');
      const schema = operation.requestBody?.content['application/json']?.schema;
      const named = components.schemas[schema?.$ref?.split('/').at(-1) ?? ''];
      const body = schema && membersOf(named ?? schema);
      const query = operation.parameters.filter((one) => one.in === 'query');
      return {
        name: `${method} ${path}`,
        method: z.enum(['get', 'post', 'put', 'patch', 'delete']).parse(method),
        path,
        access: operation['x-access'],
        query: query.map(({ name }) => name),
        body,
      };
    }),
  );
}

/** Of every variant that a body may have. */
function membersOf({ properties, oneOf, anyOf }: z.infer<typeof Schema>): string[] {
  const variants = [...oneOf, ...anyOf].map((one) => one.properties);
  return [...new Set([properties, ...variants].flatMap((one) => Object.keys(one)))];
}
