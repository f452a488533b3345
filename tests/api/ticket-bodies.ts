/**
 * Bodies for the routes of every ticket type, made from the document: whoever adds a process need not tell
 * tests that ask all routes what its commands take.
 */
import type { Express } from 'express';
import supertest from 'supertest';
import { z } from 'zod';

const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minLength: z.number().optional(),
  minimum: z.number().default(1),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
  get oneOf() {
    return z.array(Schema).optional();
  },
});
type Schema = z.infer<typeof Schema>;

const Operation = z.object({
  requestBody: z
    .object({
      content: z.object({ 'application/json': z.object({ schema: Schema }).optional() }),
    })
    .optional(),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** The body of `post /loans/{id}/actions/lend`, ids by the names of its members; undefined: it takes none. */
export type Bodies = (name: string, ids: Readonly<Record<string, string>>) => object | undefined;

export async function bodiesOf(app: Express): Promise<Bodies> {
  const { paths, components } = Document.parse(
    (await supertest(app).get('/api/openapi.json')).body,
  );
  return (name, ids) => {
    const [method = '', path = ''] = name.split(' ');
    const body = paths[`/api/v1${path}`]?.[method]?.requestBody?.content['application/json'];
    if (!body) return undefined;
    const { schema } = body;
    return z.looseObject({}).parse(sampleOf(schema, '', { ids, schemas: components.schemas }));
  };
}

interface Known {
  readonly ids: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, unknown>>;
}

/** With every member that there is: the first variant, the first choice, the least number. */
function sampleOf(schema: Schema, member: string, known: Known): unknown {
  const { properties = {}, items, minimum } = schema;
  const named = schema.$ref?.split('/').at(-1);
  if (named !== undefined) return sampleOf(Schema.parse(known.schemas[named]), member, known);
  const [variant] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (variant) return sampleOf(variant, member, known);
  const [choice] = [...(schema.enum ?? []), schema.const];
  if (choice !== undefined) return choice;
  const makers: Readonly<Record<string, () => unknown>> = {
    array: () => (items ? [sampleOf(items, member, known)] : []),
    boolean: () => false,
    integer: () => minimum,
    number: () => minimum,
    object: () =>
      Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, sampleOf(one, name, known)]),
      ),
    string: () => textOf(schema, member, known),
  };
  return makers[schema.type ?? '']?.() ?? null;
}

function textOf({ format, minLength = 1 }: Schema, member: string, { ids }: Known): string {
  if (format === 'date-time') return '2090-01-01T00:00:00Z';
  return (format === 'uuid' ? ids[member] : undefined) ?? 'x'.repeat(minLength);
}
