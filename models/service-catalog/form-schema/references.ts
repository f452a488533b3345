/** `$ref` in forms: only to `#/$defs/<name>`, never in a circle, and not so often that a form becomes huge. */
import type { InputIssue } from '../../errors';
import { schemaOf, type Schema } from '../answer-field';
import { childrenOf } from './keywords';

const mostSchemas = 2_000;

export function referenceIssues(root: Schema, below: string): InputIssue[] {
  const parts = schemaOf(root['$defs']) ?? {};
  const known = Object.keys(parts);
  const wrong = refsIn(root, below).flatMap(({ pointer, ref }) => {
    const name = partOf(ref);
    if (name !== undefined && known.includes(name)) return [];
    return [{ pointer, detail: 'must be #/$defs/<name> of the same schema', code: 'not_found' }];
  });
  if (wrong.length > 0) return wrong;
  const circle = known.find((name) => reaches(parts, name));
  if (circle !== undefined) {
    const pointer = `${below}/$defs/${circle}`;
    return [{ pointer, detail: 'leads back to itself', code: 'cycle' }];
  }
  const weight = weigher(parts);
  if (weight(root) <= mostSchemas) return [];
  const detail = `has more than ${mostSchemas} schemas in it`;
  return [{ pointer: below, detail, code: 'too_big' }];
}

/** Undefined: it is none of them. */
export function partOf(ref: Schema[string] | undefined): string | undefined {
  return typeof ref === 'string' ? /^#\/\$defs\/([a-zA-Z]\w{0,59})$/.exec(ref)?.[1] : undefined;
}

interface Found {
  readonly pointer: string;
  readonly ref: Schema[string];
}

function refsIn(schema: Schema, below: string): Found[] {
  const { $ref } = schema;
  return [
    ...($ref === undefined ? [] : [{ pointer: `${below}/$ref`, ref: $ref }]),
    ...childrenOf(schema).flatMap(({ place, child }) =>
      refsIn(child, `${below}/${place.join('/')}`),
    ),
  ];
}

/** Whether a part names itself, by whatever way. */
function reaches(parts: Schema, name: string): boolean {
  const seen = new Set<string>();
  const left = [name];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const { ref } of refsIn(schemaOf(parts[next]) ?? {}, '')) {
      const named = partOf(ref);
      if (named === name) return true;
      if (named === undefined || seen.has(named)) continue;
      seen.add(named);
      left.push(named);
    }
  }
  return false;
}

/** How many schemas one is with all that it names written out; parts that nobody names do not count. */
function weigher(parts: Schema): (schema: Schema) => number {
  const known = new Map<string, number>();
  const weightOf = (schema: Schema): number => {
    const children = childrenOf(schema).filter(({ place }) => place[0] !== '$defs');
    const sum = children.reduce((total, { child }) => total + weightOf(child), 1);
    const name = partOf(schema['$ref']);
    return name === undefined ? sum : sum + ofPart(name);
  };
  const ofPart = (name: string): number => {
    const weight = known.get(name) ?? weightOf(schemaOf(parts[name]) ?? {});
    known.set(name, weight);
    return weight;
  };
  return weightOf;
}
