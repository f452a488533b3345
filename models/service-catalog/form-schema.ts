/**
 * Which JSON Schemas may be forms: bounded in size and depth, complete in themselves, with nothing in them that
 * takes more time than the answers are long. What is left is JSON Schema 2020-12, held against its meta-schema by
 * ajv (form.ts).
 */
import type { InputIssue } from '../errors';
import type { Json } from '../tickets/ticket';
import { isList, propertiesOf, schemaOf, type Schema } from './answer-field';
import { childrenOf, isKeyword } from './form-schema/keywords';
import { lookupIssues } from './form-schema/lookup';
import { referenceIssues } from './form-schema/references';
import { patternFault } from './linear-pattern';
import { formats } from './formats';

const mostBytes = 64 * 1_024;
const deepest = 8;
const mostProperties = 200;
const longestPattern = 500;
const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** Pointers begin with `below`. None: it may be compiled. */
export function formSchemaIssues(schema: Schema, below: string): InputIssue[] {
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > mostBytes)
    return [{ pointer: below, detail: `has more than ${mostBytes} bytes`, code: 'too_big' }];
  const inside = insideIssues(schema, below, 0);
  return [
    ...rootIssues(schema, below),
    ...inside,
    ...lookupIssues(schema, below),
    // What is too deep is not walked again.
    ...(inside.length === 0 ? referenceIssues(schema, below) : []),
  ];
}

function rootIssues(schema: Schema, below: string): InputIssue[] {
  const { type, additionalProperties, $schema } = schema;
  const names = propertiesOf(schema).map(([name]) => name);
  return [
    ...(type === 'object' ? [] : [issue(`${below}/type`, 'must be object')]),
    ...(schemaOf(schema['properties']) === undefined
      ? [issue(`${below}/properties`, 'must be an object', 'required')]
      : []),
    ...(names.length > mostProperties
      ? [issue(`${below}/properties`, `has more than ${mostProperties} of them`, 'too_big')]
      : []),
    ...(additionalProperties === undefined || additionalProperties === false
      ? []
      : [issue(`${below}/additionalProperties`, 'must be false: each answer is a property')]),
    ...($schema === undefined || $schema === dialect
      ? []
      : [issue(`${below}/$schema`, `must be ${dialect}`)]),
    ...names
      .filter(isOddName)
      .map((name) => issue(`${below}/properties/${escaped(name)}`, oddName)),
    ...unknownRequired(schema, names, below),
  ];
}

const oddName = 'must begin with a letter: letters, digits and _, at most 60';

/** It stands in conditions as `answers.<name>`, and is no member that every object has. */
function isOddName(name: string): boolean {
  return !/^[a-zA-Z]\w{0,59}$/.test(name) || name in {};
}

function unknownRequired({ required }: Schema, names: readonly string[], below: string) {
  if (!isList(required)) return [];
  return required.flatMap((one, n) =>
    names.some((name) => name === one)
      ? []
      : [issue(`${below}/required/${n}`, 'is no property', 'not_found')],
  );
}

function insideIssues(schema: Schema, below: string, depth: number): InputIssue[] {
  if (depth > deepest) return [issue(below, `is more than ${deepest} schemas deep`, 'too_big')];
  const unknown = Object.keys(schema).filter((name) => !isKeyword(name, depth));
  return [
    ...unknown.map((name) =>
      issue(`${below}/${escaped(name)}`, 'is not a keyword that forms may have', 'unknown_field'),
    ),
    ...patternIssues(schema['pattern'], `${below}/pattern`),
    ...formatIssues(schema['format'], `${below}/format`),
    ...childrenOf(schema).flatMap(({ place, child }) =>
      insideIssues(child, `${below}/${place.map(escaped).join('/')}`, depth + 1),
    ),
  ];
}

function patternIssues(pattern: Json | undefined, pointer: string): InputIssue[] {
  if (typeof pattern !== 'string') return [];
  if (pattern.length > longestPattern)
    return [issue(pointer, `has more than ${longestPattern} characters`, 'too_big')];
  const fault = patternFault(pattern);
  return fault === undefined ? [] : [issue(pointer, `cannot be used: ${fault}`)];
}

function formatIssues(format: Json | undefined, pointer: string): InputIssue[] {
  if (format === undefined || formats.some((one) => one === format)) return [];
  return [issue(pointer, `must be one of ${formats.join(', ')}`)];
}

function issue(pointer: string, detail: string, code = 'invalid'): InputIssue {
  return { pointer, detail, code };
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
