/** References in replies: `{ id, name }` of something else. */
import { z } from 'zod';

export const Reference = z.object({ id: z.uuid(), name: z.string() }).meta({ id: 'Reference' });
export type Reference = z.infer<typeof Reference>;

/** Select expression of the reference to a joined row, null when there is none. */
export function referenceSql(alias: string, name = 'name'): string {
  return (
    `case when ${alias}.id is not null ` +
    `then jsonb_build_object('id', ${alias}.id, 'name', ${alias}.${name}) end`
  );
}
