/** `filter[priority][lte]=P2` as an object; what is deeper or longer than any list needs is refused. */
import { parse } from 'qs';
import { Refusal } from '../../../models/errors';

const limits = { depth: 4, arrayLimit: 200, parameterLimit: 200 };

/** Throws invalid_request. */
export function readQueryString(text: string): Record<string, unknown> {
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
