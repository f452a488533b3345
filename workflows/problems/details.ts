/** What only problems have, beside the fields of every ticket. */
import { z } from 'zod';
import { ReviewShape } from '../review';
import { fixers, origins, onRecurrences } from './inputs';

const at = z.iso.datetime();
const who = z.uuid().nullable();

/** A known error is found by agents from its draft on, by requesters where it is published and public. */
export const knownErrorStates = ['draft', 'published', 'retired'] as const;

export const ProblemDetailsShape = z.object({
  origin: z.enum(origins),
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
      publishedById: who.describe('In whose name incidents are told of it.'),
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
  major: z.object({ declaredAt: at, reason: z.string(), byId: who }).nullable(),
  startedAt: at.nullable().describe('When somebody began to look for the cause.'),
  fix: z.object({ startedAt: at, by: z.enum(fixers), notes: z.string().nullable() }).nullable(),
  resolution: z.object({ code: z.string(), notes: z.string(), byId: who }).nullable(),
  cancellation: z.object({ reason: z.string() }).nullable(),
  watch: z
    .object({
      since: at,
      until: at,
      onRecurrence: z.enum(onRecurrences),
      isAsked: z.boolean().describe('It has come again, and nobody has said what that means.'),
      confirmedAt: at.nullable().describe('It was quiet for as long as it was watched.'),
    })
    .nullable(),
  recurrences: z.array(
    z.object({ at, ticketId: z.uuid().nullable(), note: z.string().nullable() }),
  ),
  review: ReviewShape.nullable(),
  reopenCount: z.int(),
});

export type ProblemDetails = Readonly<z.infer<typeof ProblemDetailsShape>>;

/** Requesters read no more of it than they were told: neither what was found out nor what is not published. */
export function toldOf(details: ProblemDetails): ProblemDetails {
  const { workaround, knownError } = details;
  const isTold = workaround?.isPublic === true && workaround.publishedAt !== null;
  const isKnown = knownError?.isPublic === true && knownError.state === 'published';
  return {
    ...details,
    ...{ rootCause: null, review: null },
    workaround: isTold ? workaround : null,
    knownError: isKnown ? knownError : null,
  };
}

export const freshProblem: ProblemDetails = {
  origin: 'proactive',
  rootCause: null,
  workaround: null,
  knownError: null,
  major: null,
  startedAt: null,
  fix: null,
  resolution: null,
  cancellation: null,
  watch: null,
  recurrences: [],
  review: null,
  reopenCount: 0,
};
