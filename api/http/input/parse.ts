/** All of the input of a route at once: what is wrong is reported together, whichever part it is in. */
import type { z } from 'zod';
import { Refusal, type InputIssue } from '../../../models/errors';
import { issuesOf, pointerOf, wording } from './issues';

export interface Schemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/** As it came: nothing is known about it. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export interface Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

/** Throws invalid_input with every issue; pointers begin with `/path`, `/query`, or are of the body. */
export function parseInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  schemas: Schemas<P, Q, B>,
  raw: RawInput,
): Input<P, Q, B> {
  const params = schemas.params.safeParse(raw.params, wording);
  const query = schemas.query.safeParse(raw.query, wording);
  const body = schemas.body.safeParse(raw.body, wording);
  const errors = [
    ...(params.error ? issuesOf(params.error, '/path') : []),
    ...(query.error ? issuesOf(query.error, '/query') : []),
    ...(body.error ? issuesOf(body.error) : []),
    ...unstorable(raw.params, ['path']),
    ...unstorable(raw.query, ['query']),
    ...unstorable(raw.body, []),
  ];
  if (errors.length > 0 || !params.success || !query.success || !body.success) {
    throw new Refusal('invalid_input', summaryOf(errors), { errors });
  }
  return { params: params.data, query: query.data, body: body.data };
}

function summaryOf(errors: readonly InputIssue[]): string {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const place = first === undefined || first.pointer === '' ? 'The body' : first.pointer.slice(1);
  return `${place}: ${first?.detail ?? 'not valid'}${more}.`;
}

const deepest = 32;
const halfCharacter = /\p{Surrogate}/u;

/**
 * What PostgreSQL cannot hold (U+0000 and halves of characters), and what is nested deeper than any
 * input needs: refused here, or it would be a failure deep down.
 */
function unstorable(value: unknown, path: readonly string[]): InputIssue[] {
  const wrong = typeof value === 'string' ? unstorableText(value) : unstorableDepth(value, path);
  if (wrong !== undefined) return [{ pointer: pointerOf(path), detail: wrong, code: 'invalid' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unstorable(inner, [...path, key]));
}

function unstorableText(text: string): string | undefined {
  if (text.includes('\u0000')) return 'contains the character U+0000';
  return halfCharacter.test(text) ? 'contains half a character' : undefined;
}

function unstorableDepth(value: unknown, path: readonly string[]): string | undefined {
  return typeof value === 'object' && path.length > deepest ? 'is nested too deeply' : undefined;
}
