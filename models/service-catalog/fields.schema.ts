/** Fields that definitions and their plans share. */
import { z } from 'zod';
import type { Json } from '../tickets/ticket';

export const Id = z.uuid().toLowerCase();
export const Title = z.string().trim().min(1).max(200);
export const Description = z.string().trim().max(10_000);
/** In the filter language of lists; whether it can be read is the checks' to say. */
export const ConditionText = z.string().trim().min(1).max(2_000);

/** What came as JSON and is not looked into: `z.json()` would follow it to the end of the stack. */
export const AnyJson = z
  .custom<Json>((value) => value !== undefined)
  .meta({ override: { title: 'Any JSON' } });
