/** What a problem tells the incidents that it causes. */
import { z } from 'zod';

/** A workaround was published; incidents that know this version, or a later one, have heard it already. */
export const WorkaroundPublished = z.object({
  problemId: z.uuid(),
  version: z.int(),
  text: z.string(),
  isPublic: z.boolean(),
  /** Whoever published it. */
  byId: z.uuid(),
});
export type WorkaroundPublished = Readonly<z.infer<typeof WorkaroundPublished>>;
