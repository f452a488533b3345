/** The OpenAPI 3.1 document, from the same declarations that route. */
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Permission } from '../../../models/users/permissions';
import { methods, type Route } from '../route';
import { operationOf } from './operation';
import { problemResponses } from './problem';

export type OpenApiDocument = ReturnType<typeof createDocument>;

export interface ApiFacts {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Where the routes are mounted, `/api/v1`: part of each path, so that readers need no servers. */
  readonly base: string;
}

export function openApiDocument(routes: readonly Route[], facts: ApiFacts): OpenApiDocument {
  const tags = [...new Set(routes.map((route) => route.tag))];
  const content: Parameters<typeof createDocument>[0] = {
    openapi: '3.1.0',
    info: { title: facts.title, version: facts.version, description: facts.description },
    tags: tags.map((name) => ({ name })),
    paths: pathsOf(routes, facts.base),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      responses: problemResponses,
    },
  };
  return createDocument(content, {
    // The format says it; the patterns of ids and instants are longer than all the rest.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
}

function pathsOf(routes: readonly Route[], base: string): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = base + route.path;
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return paths;
}

/** Two routes of one address and method, or parameters that the path does not name: bugs, told at start. */
export function checkRoutes(routes: readonly Route[], permissions: readonly Permission[]): void {
  const known = new Set(permissions.map(({ name }) => name));
  const seen = new Set<string>();
  for (const { method, path, access } of routes) {
    if (access.includes(':') && !known.has(access)) throw new Error(`${access} is no permission.`);
    const key = `${method} ${path}`;
    if (seen.has(key) || !methods.includes(method)) throw new Error(`${key} is declared twice.`);
    seen.add(key);
  }
}
