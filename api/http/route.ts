/** One route is one declaration: address, rights, input, replies, handler. All else follows from it. */
import { z } from 'zod';
import type { Actor, Duty, SignedIn } from '../../models/users/actor';
import { parseInput, type Input, type RawInput } from './input/parse';
import type { Reply } from './output/reply';
import type { RequestContext } from './request';

/**
 * A permission such as `incident:read`; everybody; whoever is signed in, programs with a token, too; or
 * only people, with a session of their own.
 */
export type Access = 'public' | 'signedIn' | 'person' | `${string}:${string}`;

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof methods)[number];

/** Status, meaning and schema of one possible reply; no schema: no body. */
export interface ReplyShape<Body extends z.ZodType = z.ZodType> {
  readonly status: number;
  readonly description: string;
  readonly body?: Body;
  /** Media type of what is streamed in place of a body. */
  readonly media?: string;
}

/** What a handler is given. A public route has no actor. */
export type HandlerInput<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
> = Input<P, Q, B> & {
  readonly actor: ActorOf<A>;
  readonly request: RequestContext;
};

type ActorOf<A extends Access> = A extends 'public'
  ? undefined
  : A extends 'person'
    ? SignedIn
    : Actor;

/** Replies may be built from read-only values. */
type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

interface RouteFacts {
  readonly method: Method;
  /** Below /api/v1, parameters in braces: `/incidents/{id}`. */
  readonly path: string;
  /** Group in the API page. */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Takes If-Match. Absent: PATCH, PUT, DELETE and actions on one thing do. */
  readonly ifMatch?: boolean;
  /** Its answers hold secrets: nothing is kept for repeats, an Idempotency-Key is ignored. */
  readonly secret?: boolean;
  /** Counted for each address in place of each actor. */
  readonly limitedBy?: 'address';
  /** What somebody may still owe who calls this; default: nothing. */
  readonly despite?: readonly Duty[];
  /** Whoever calls this proved within the last five minutes who they are. */
  readonly freshFactor?: boolean;
  /** Its body may have up to so many bytes; default: 1 MiB. */
  readonly bodyBytes?: number;
  /** Its body is a file: handed to the handler as it comes (`request.file`), not read before. */
  readonly takesFile?: true;
}

export interface Declaration<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
  M extends z.ZodType,
> extends RouteFacts {
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly reply: ReplyShape<R>;
  readonly alsoReplies?: readonly ReplyShape<M>[];
  readonly handle: (
    input: HandlerInput<A, P, Q, B>,
  ) => Promise<Reply<Frozen<z.output<R> | z.output<M>>>>;
}

/** A parsed call, ready to run; `fields` is the sparse choice of the query, if it made one. */
export interface Prepared {
  readonly fields: readonly string[] | undefined;
  readonly run: (actor: Actor | undefined, request: RequestContext) => Promise<Reply>;
}

/** A declaration with its types folded away: what the frame mounts and documents. */
export interface Route extends RouteFacts {
  readonly access: Access;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Absent for a route that takes no body. */
  readonly body: z.ZodType | undefined;
  readonly replies: readonly ReplyShape[];
  /** Parses the input; throws invalid_input with every issue. */
  readonly prepare: (raw: RawInput) => Prepared;
}

const nothing = z.strictObject({});

export function defineRoute<
  const A extends Access,
  P extends z.ZodType = typeof nothing,
  Q extends z.ZodType = typeof nothing,
  B extends z.ZodType = typeof nothing,
  R extends z.ZodType = z.ZodUndefined,
  M extends z.ZodType = z.ZodUndefined,
>(declaration: Declaration<A, P, Q, B, R, M>): Route {
  const { params, query, body, reply, alsoReplies = [], handle, ...facts } = declaration;
  const schemas = {
    params: orNothing(params),
    query: orNothing(query),
    body: orNothing(body),
  };
  return {
    ...facts,
    params: schemas.params,
    query: schemas.query,
    body,
    replies: [reply, ...alsoReplies],
    prepare: (raw) => {
      const input = parseInput(schemas, raw);
      return {
        fields: fieldsOf(input.query),
        run: (actor, request) => handle({ ...input, actor: actorFor<A>(actor), request }),
      };
    },
  };
}

/** The type of an absent schema is that of `nothing` by default, which the compiler cannot see here. */
function orNothing<S extends z.ZodType>(schema: S | undefined): S {
  return schema ?? (nothing as unknown as S);
}

/** The frame admits nobody without an actor to a route that is not public. */
function actorFor<A extends Access>(actor: Actor | undefined): ActorOf<A> {
  return actor as ActorOf<A>;
}

function fieldsOf(query: unknown): readonly string[] | undefined {
  if (typeof query !== 'object' || query === null || !('fields' in query)) return undefined;
  return Array.isArray(query.fields) ? query.fields.map(String) : undefined;
}

/** Whether the route takes If-Match: changes of one thing do. */
export function takesIfMatch(route: Route): boolean {
  return (
    route.ifMatch ??
    (['put', 'patch', 'delete'].includes(route.method) || route.path.includes('}/actions/'))
  );
}

/** Whether a repeat is recognised by its Idempotency-Key. */
export function takesIdempotencyKey(route: Route): boolean {
  return route.method === 'post' && route.access !== 'public' && route.secret !== true;
}
