/** What a refused request was told, to be held against what is expected. */
import type { Response } from 'supertest';
import { z } from 'zod';

const Problem = z.looseObject({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
});

/** `[422, 'invalid_input', '/name too_long']`: status, code, and each pointer with its code. */
export function said({ status, body }: Response): (string | number)[] {
  const { code, errors = [] } = Problem.parse(body);
  return [status, code, ...errors.map((issue) => `${issue.pointer} ${issue.code}`)];
}
