/** Regular expressions that take time in proportion to the text, whatever designers write. */
import { RE2JS } from 're2js';

interface Pattern {
  test(text: string): boolean;
}

/**
 * As ajv asks for them. What only a backtracking engine could do (references back, looking ahead) throws a plain
 * Error when it is made, so that no form has it.
 */
export const linear = Object.assign(
  (pattern: string): Pattern => {
    const made = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => made.test(text) };
  },
  // Only for code that ajv would write out as files, which is not done here.
  { code: 'linear' },
);

/** Why it cannot be used; undefined: it can. */
export function patternFault(pattern: string): string | undefined {
  try {
    linear(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
