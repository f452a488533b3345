/** Fields that several inputs have. */
import { IANAZone } from 'luxon';
import { z } from 'zod';

/** Of a name and the like: one line, not empty. */
export const Line = z.string().trim().min(1).max(200);

export const Timezone = z
  .string()
  .max(60)
  .refine((zone) => IANAZone.isValidZone(zone), { message: 'is no IANA time zone' })
  .meta({ examples: ['Europe/Berlin'] });

export const Locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/, {
    message: 'is no language tag such as de-AT',
  })
  .meta({ examples: ['de-AT'] });

/** A password on its way in; what it must be is the policy's to say. */
export const Password = z.string().min(1).max(200).meta({ format: 'password' });

/** Of a second factor: six digits, or a recovery code. */
export const Code = z
  .string()
  .trim()
  .min(6)
  .max(40)
  .meta({ examples: ['123456'] });

/** A list of texts that names nothing twice. */
export function distinct<Items extends z.ZodArray<z.ZodType<string, string>>>(items: Items): Items {
  return items.superRefine((given, context) => {
    for (const [index, one] of given.entries()) {
      if (given.indexOf(one) === index) continue;
      context.addIssue({
        code: 'custom',
        path: [index],
        message: 'is given twice',
        params: { code: 'taken' },
      });
    }
  });
}

/** Ids of several things, none of them twice. */
export const Ids = z
  .array(z.uuid())
  .max(200)
  .refine((ids) => new Set(ids).size === ids.length, { message: 'names one twice' });

/** An instant with an offset, in a year that no offset moves out of what can be kept. */
export const Moment = z.iso
  .datetime({ offset: true })
  .refine((text) => /^(19|[2-8]\d)\d{2}-/.test(text), {
    message: 'is not in the years 1900 to 8999',
  });
