/** The keywords of JSON Schema that forms may have, and where schemas stand in schemas. */
import { isList, schemaOf, type Schema } from '../answer-field';

const plain = [
  ...['title', 'description', 'default', 'examples', '$comment', 'deprecated'],
  ...['type', 'enum', 'const', 'lookup'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'pattern', 'format'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains'],
  ...['required', 'minProperties', 'maxProperties', 'dependentRequired', '$ref'],
];
const schemas = ['items', 'contains', 'not', 'if', 'then', 'else'];
const orFalse = ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const maps = ['properties', 'dependentSchemas', '$defs'];
const known = new Set([...plain, ...schemas, ...orFalse, ...lists, ...maps]);

/** Those that say what a document is, or name its parts, only where the document begins. */
export function isKeyword(name: string, depth: number): boolean {
  if (depth > 0 && name === '$defs') return false;
  return known.has(name) || (depth === 0 && name === '$schema');
}

export interface Child {
  /** Steps from the schema to it. */
  readonly place: readonly string[];
  readonly child: Schema;
}

export function childrenOf(schema: Schema): Child[] {
  return [
    ...[...schemas, ...orFalse].flatMap((name) => childAt(schema, name)),
    ...lists.flatMap((name) => {
      const list = schema[name];
      return isList(list) ? list.flatMap((one, n) => childOf(one, [name, String(n)])) : [];
    }),
    ...maps.flatMap((name) =>
      Object.entries(schemaOf(schema[name]) ?? {}).flatMap(([key, one]) =>
        childOf(one, [name, key]),
      ),
    ),
  ];
}

function childAt(schema: Schema, name: string): Child[] {
  return childOf(schema[name], [name]);
}

function childOf(value: Schema[string] | undefined, place: readonly string[]): Child[] {
  const child = schemaOf(value);
  return child === undefined ? [] : [{ place, child }];
}
