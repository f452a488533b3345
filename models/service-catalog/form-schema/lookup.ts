/** Where `lookup` may stand: on a property, or on the items of one; there it is found without asking ajv. */
import type { InputIssue } from '../../errors';
import type { Json } from '../../tickets/ticket';
import { propertiesOf, schemaOf, type Schema } from '../answer-field';
import { lookups, type Lookup } from '../shape';
import { childrenOf } from './keywords';

export function lookupIssues(root: Schema, below: string): InputIssue[] {
  const right = new Set(
    propertiesOf(root).flatMap(([, property]) => [property, schemaOf(property['items'])]),
  );
  return lookupsBelow(root, below).flatMap(({ schema, pointer }) => {
    if (!right.has(schema)) return [issue(pointer, 'stands on a property or on its items only')];
    if (lookupOf(schema) === undefined)
      return [issue(pointer, `must be one of ${lookups.join(', ')}`)];
    return schema['type'] === 'string' ? [] : [issue(pointer, 'is for texts only: type string')];
  });
}

/** Undefined: it looks up nothing. */
export function lookupOf(schema: Schema | undefined): Lookup | undefined {
  return lookups.find((kind) => kind === schema?.['lookup']);
}

interface Found {
  readonly schema: Schema;
  readonly pointer: string;
}

function lookupsBelow(schema: Schema, below: string): Found[] {
  const own: Json | undefined = schema['lookup'];
  return [
    ...(own === undefined ? [] : [{ schema, pointer: `${below}/lookup` }]),
    ...childrenOf(schema).flatMap(({ place, child }) =>
      lookupsBelow(child, `${below}/${place.join('/')}`),
    ),
  ];
}

function issue(pointer: string, detail: string): InputIssue {
  return { pointer, detail, code: 'invalid' };
}
