/** The columns of a file of people, and what a cell of each may say. */
import { z } from 'zod';
import { roles } from '../../../models/users/actor';
import { Line as Text, Locale, Timezone } from '../../http/input/fields';
import { profile } from '../profile';

const yes = ['true', 'yes', '1'];
const no = ['false', 'no', '0'];
const YesOrNo = z
  .string()
  .toLowerCase()
  .pipe(z.enum([...yes, ...no]))
  .transform((word) => yes.includes(word));

/** Of one line. A member that is absent stays as it is; null empties it. */
export const Row = z.strictObject({
  email: profile.email,
  name: Text.optional(),
  role: z.string().toLowerCase().pipe(z.enum(roles)).optional(),
  title: Text.nullable().optional(),
  department: Text.nullable().optional(),
  phone: Text.nullable().optional(),
  /** The email of somebody. */
  manager: profile.email.nullable().optional(),
  /** The name of a location. */
  location: Text.nullable().optional(),
  locale: Locale.nullable().optional(),
  timezone: Timezone.nullable().optional(),
  vip: YesOrNo.optional(),
  login: YesOrNo.optional(),
});
export type Row = z.infer<typeof Row>;

export const columns: readonly string[] = Object.keys(Row.shape);

/** An empty cell of these says nothing: somebody has always a name, a role and so on. */
const neverEmpty = ['name', 'role', 'vip', 'login'];

/** Cells by column as an input for `Row`. */
export function rawOf(cells: Readonly<Record<string, string>>): Record<string, string | null> {
  const said = Object.entries(cells).filter(
    ([column, text]) => text !== '' || !neverEmpty.includes(column),
  );
  return Object.fromEntries(
    said.map(([column, text]) => [column, text === '' && column !== 'email' ? null : text]),
  );
}

/** Emails are the same whichever letters are capital ones. */
export function keyOf(email: string): string {
  return email.toLowerCase();
}
