/** What only problems have, beside the fields of every ticket. */
import { z } from 'zod';

const at = z.iso.datetime();

/** A known error is found by agents from its draft on, by requesters where it is published and public. */
export const knownErrorStates = ['draft', 'published', 'retired'] as const;

export const ProblemDetailsShape = z.object({
  origin: z.enum(['reactive', 'proactive']),
  rootCause: z
    .object({
      summary: z.string(),
      whys: z.array(z.string()).describe('Five of them, or as many as it took.'),
      contributingCauses: z.array(z.string()),
      timeline: z.array(z.object({ at, what: z.string() })),
    })
    .nullable(),
  workaround: z
    .object({
      text: z.string(),
      isPublic: z.boolean().describe('Whether requesters are told, too.'),
      version: z.int().describe('Counts its texts.'),
      publishedAt: at.nullable(),
    })
    .nullable(),
  knownError: z
    .object({
      state: z.enum(knownErrorStates),
      symptoms: z.string(),
      isPublic: z.boolean(),
      publishedAt: at.nullable(),
      retiredAt: at.nullable(),
    })
    .nullable(),
});

export type ProblemDetails = Readonly<z.infer<typeof ProblemDetailsShape>>;
