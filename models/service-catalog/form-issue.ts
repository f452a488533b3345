/** What ajv finds, as what is wrong where. */
import type { ErrorObject } from 'ajv/dist/2020';
import type { InputIssue } from '../errors';

/** The pointer is below the given one; of what is missing or unknown it names that. */
export function issueOf(error: ErrorObject, below: string): InputIssue {
  const { instancePath, keyword, message = 'is wrong' } = error;
  const pointer = `${below}${instancePath}`;
  const named = namedBy(error);
  if (named === undefined) return { pointer, detail: detailOf(error, message), code: keyword };
  const isMissing = keyword === 'required' || keyword === 'dependentRequired';
  return isMissing
    ? { pointer: `${pointer}/${named}`, detail: 'is required', code: 'required' }
    : { pointer: `${pointer}/${named}`, detail: 'is not a known field', code: 'unknown_field' };
}

const naming = ['missingProperty', 'additionalProperty', 'unevaluatedProperty'];

function namedBy({ params }: ErrorObject): string | undefined {
  const named: unknown = naming.map((name) => params[name] as unknown).find((one) => one);
  return typeof named === 'string' ? named.replaceAll('~', '~0').replaceAll('/', '~1') : undefined;
}

function detailOf({ keyword, params }: ErrorObject, message: string): string {
  const { allowedValues }: { allowedValues?: unknown } = params;
  if (keyword === 'enum' && Array.isArray(allowedValues))
    return `must be one of ${allowedValues.slice(0, 20).map(String).join(', ')}`;
  if (keyword === 'lookup') return 'must be an id';
  return message;
}
