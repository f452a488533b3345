/** A constraint of the database that a caller broke, as what the caller did wrong. */
import { invalid, Refusal } from '../../../models/errors';

/** Runs a write; throws conflict or invalid_input in place of a broken constraint of this table. */
export async function refusingBroken<T>(table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(table, error) ?? error;
  }
}

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';

function refusalOf(table: string, error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
  const field = fieldOf(table, String(error.constraint));
  if (error.code === uniqueViolation && field !== undefined) {
    const issue = { pointer: `/${field}`, code: 'taken', detail: 'is taken already' };
    return new Refusal('conflict', `There is one with this ${field} already.`, { errors: [issue] });
  }
  if (error.code !== foreignKeyViolation) return undefined;
  // Of another table: something refers to what was to be deleted.
  if (field === undefined)
    return new Refusal('conflict', 'It is in use: make it inactive instead.');
  return invalid(`/${field}`, 'is nothing that is there', 'not_found');
}

/** `services_organization_id_team_id_fkey` is about `teamId`, `users_email` about `email`. */
function fieldOf(table: string, constraint: string): string | undefined {
  const start = `${table}_`;
  if (!constraint.startsWith(start) || constraint === `${table}_pkey`) return undefined;
  const column = constraint
    .slice(start.length)
    .replace(/^organization_id_/, '')
    .replace(/_(fkey|key)\d*$/, '');
  return column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
