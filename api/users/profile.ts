/** What may be said of a person, new or there already. */
import { z } from 'zod';
import { roles } from '../../models/users/actor';
import { Line, Locale, Password, Timezone } from '../http/input/fields';

export const profile = {
  name: Line,
  email: z
    .email()
    .max(254)
    .meta({ examples: ['ada@acme.example'] }),
  role: z.enum(roles).default('end_user'),
  managerId: z.uuid().nullable().default(null),
  phone: Line.nullable().default(null),
  title: Line.nullable().default(null),
  department: Line.nullable().default(null),
  locationId: z.uuid().nullable().default(null),
  locale: Locale.nullable().default(null),
  timezone: Timezone.nullable().default(null),
  isVip: z.boolean().default(false),
};

export const edits = z.strictObject(profile);
export const input = z.strictObject({
  ...profile,
  roleIds: z
    .array(z.uuid())
    .max(50)
    .optional()
    .describe('Roles as in `GET /roles`; the highest protected one among them counts as `role`.'),
  password: Password.optional().describe(
    'To be changed at the first sign-in. Without one they choose it by the link in an invitation.',
  ),
  login: z
    .boolean()
    .default(true)
    .describe('False: somebody who only asks for things; no invitation goes out.'),
});
