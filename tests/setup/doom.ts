/** What a worker that will die has to know (worker-process.ts). */
import { z } from 'zod';

export const Doom = z.object({
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  taskQueue: z.string(),
  bundlePath: z.string(),
  /** Of the API that listens in the same process. */
  secret: z.string(),
  /** Name of the fact after whose commit it dies. */
  diesAfter: z.string(),
  /** A file to which its activities append what they do; absent: they do nothing that lasts. */
  diary: z.string().optional(),
});
export type Doom = z.infer<typeof Doom>;
