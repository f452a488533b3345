/** The name of an organization in addresses and in the ids of lives. It never changes hands. */
import { z } from 'zod';

/** What addresses, tools and people take for something else than an organization. */
const reserved: readonly string[] = [
  ...['admin', 'api', 'app', 'auth', 'docs', 'health', 'help', 'holdfast', 'internal', 'mail'],
  ...['me', 'metrics', 'operator', 'public', 'root', 'setup', 'static', 'status', 'support'],
  ...['system', 'temporal', 'test', 'www'],
];

export const Slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, {
    message: 'must be 2 to 40 small letters, digits and dashes, a letter first',
  })
  .refine((slug) => !reserved.includes(slug), { message: 'is reserved' })
  .meta({ examples: ['acme'] });
