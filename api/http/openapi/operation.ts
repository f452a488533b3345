/** One declaration as one operation of the document. */
import { z } from 'zod';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import {
  takesIdempotencyKey,
  takesIfMatch,
  type Access,
  type ReplyShape,
  type Route,
} from '../route';
import { problemReference } from './problem';

export function operationOf(route: Route): ZodOpenApiOperationObject {
  const path = objectOf(route.params);
  const query = objectOf(documented(route.query));
  const header = headersOf(route);
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    description: descriptionOf(route),
    security: route.access === 'public' ? [] : [{ bearer: [] }],
    'x-access': route.access,
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      ...(header && { header }),
    },
    ...(route.body && {
      requestBody: { content: { 'application/json': { schema: route.body } } },
    }),
    ...(route.takesFile && { requestBody: fileBody }),
    responses: responsesOf(route),
  };
}

const fileBody = {
  required: true,
  content: { '*/*': { schema: { type: 'string' as const, format: 'binary' } } },
};

/** A list documents its query as flat parameters; everything else is documented as it is parsed. */
function documented(schema: z.ZodType): z.ZodType {
  const stand: unknown = schema.meta()?.['documentedAs'];
  return stand instanceof z.ZodType ? stand : schema;
}

function objectOf(schema: z.ZodType): z.ZodObject | undefined {
  if (!(schema instanceof z.ZodObject)) return undefined;
  return Object.keys(schema.shape).length > 0 ? schema : undefined;
}

function headersOf(route: Route): z.ZodObject | undefined {
  const shape = {
    ...(takesIdempotencyKey(route) && {
      'Idempotency-Key': z
        .string()
        .min(1)
        .max(255)
        .optional()
        .describe('A repeat with the same key and body gets the same answer; kept for 24 hours.'),
    }),
    ...(takesIfMatch(route) && {
      'If-Match': z
        .string()
        .optional()
        .meta({ description: 'The ETag that you saw; 412 when it is stale.', examples: ['"7"'] }),
    }),
  };
  return Object.keys(shape).length > 0 ? z.object(shape) : undefined;
}

function descriptionOf(route: Route): string {
  const fresh = 'The caller proved within the last 5 minutes who they are: `POST /me/step-up`.';
  const right = `${rightOf(route.access)}${route.freshFactor === true ? ` ${fresh}` : ''}`;
  return route.description === undefined ? right : `${route.description}\n\n${right}`;
}

function rightOf(access: Access): string {
  if (access === 'public') return 'Open to everybody.';
  if (access === 'signedIn') return 'Open to everybody who is signed in.';
  if (access === 'person') return 'Open to everybody who is signed in, not to programs.';
  return `Needs the permission \`${access}\`.`;
}

type Response = ZodOpenApiResponseObject | { $ref: string };

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const refused: [string, Response][] = refusalsOf(route).map((status) => [
    String(status),
    problemReference(status),
  ]);
  const own: [string, Response][] = route.replies.map((shape) => [
    String(shape.status),
    responseOf(shape),
  ]);
  return Object.fromEntries([...refused, ...own]);
}

function responseOf(shape: ReplyShape): ZodOpenApiResponseObject {
  return {
    description: shape.description,
    ...(shape.body && { content: { 'application/json': { schema: shape.body } } }),
    ...(shape.media && { content: { [shape.media]: { schema: z.string() } } }),
  };
}

/** The statuses with which the frame, or a handler of this kind, can refuse. */
function refusalsOf(route: Route): readonly number[] {
  const isSigned = route.access !== 'public';
  const isChange = route.method !== 'get';
  const conditions: readonly (readonly [number, boolean])[] = [
    [400, true],
    [401, isSigned || route.limitedBy === 'address'],
    [403, isSigned],
    [404, route.path.includes('{')],
    [409, isChange && isSigned],
    [412, takesIfMatch(route)],
    [413, isChange && takesBody(route)],
    [415, isChange && takesBody(route)],
    [422, true],
    [429, true],
    [500, true],
    [503, true],
  ];
  return conditions.filter(([, applies]) => applies).map(([status]) => status);
}

function takesBody({ body, takesFile }: Route): boolean {
  return body !== undefined || takesFile === true;
}

/** `post /incidents/{id}/actions/resolve` is `postIncidentsByIdActionsResolve`. */
export function operationIdOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path
    .replace(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
