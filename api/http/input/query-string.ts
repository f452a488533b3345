/** `filter[priority][lte]=P2` as an object; what is deeper or longer than any list needs is refused. */
import { parse } from 'qs';
import { Refusal } from '../../../models/errors';

const limits = { depth: 4, arrayLimit: 200, parameterLimit: 200 };

/** Throws invalid_request. */
export function readQueryString(text: string): Record<string, unknown> {
  // qs leaves it out without a word, and a filter that is ignored finds everything.
  if ([...new URLSearchParams(text).keys()].some((name) => name.includes('__proto__'))) {
    throw new Refusal('invalid_request', 'The query string names __proto__, which is no field.');
  }
  try {
    return parse(text, {
      ...limits,
      plainObjects: true,
      strictDepth: true,
      throwOnLimitExceeded: true,
    });
  } catch (error) {
    const detail = error instanceof RangeError ? error.message : 'It is malformed.';
    throw new Refusal('invalid_request', `The query string cannot be read. ${detail}`);
  }
}
