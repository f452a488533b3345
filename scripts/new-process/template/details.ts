/** What only a specimen has, beside the fields of every ticket. */
import { z } from 'zod';

export const SampleDetailsShape = z.object({
  startedAt: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
  cancellation: z.object({ reason: z.string() }).nullable(),
});

export type SampleDetails = Readonly<z.infer<typeof SampleDetailsShape>>;

export const freshSample: SampleDetails = { startedAt: null, outcome: null, cancellation: null };
