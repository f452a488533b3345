/** The error responses of the document: one for each status, with the codes that it can have. */
import { z } from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import { errorCodes, type ErrorCode } from '../../../models/errors';
import { problems } from '../errors';

const codes = Object.keys(errorCodes).filter((code): code is ErrorCode => code in errorCodes);

const Issue = z.object({
  pointer: z.string().meta({ description: 'JSON pointer into the input.', examples: ['/impact'] }),
  detail: z.string(),
  code: z.string(),
});

/** RFC 9457. */
export const ProblemBody = z
  .looseObject({
    type: z.string().meta({ examples: ['urn:holdfast:error:invalid_input'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(codes),
    requestId: z.string(),
    errors: z.array(Issue).optional(),
  })
  .meta({
    id: 'ErrorDocument',
    description: 'A problem document (RFC 9457). Further members may follow.',
  });

const statuses = [...new Set(codes.map((code) => problems[code].status))];

export const problemResponses: Readonly<Record<string, ZodOpenApiResponseObject>> =
  Object.fromEntries(statuses.map((status) => [`Problem${status}`, responseOf(status)]));

export function problemReference(status: number): { $ref: string } {
  return { $ref: `#/components/responses/Problem${status}` };
}

function responseOf(status: number): ZodOpenApiResponseObject {
  const own = codes.filter((code) => problems[code].status === status);
  return {
    description: own.map((code) => `\`${code}\`: ${errorCodes[code]}`).join('\n\n'),
    content: { 'application/problem+json': { schema: ProblemBody } },
  };
}
