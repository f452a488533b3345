/** A window in replies. */
import { z } from 'zod';

export const Window = z
  .object({ start: z.iso.datetime(), end: z.iso.datetime().describe('No longer in it.') })
  .meta({ id: 'ChangeWindow' });
