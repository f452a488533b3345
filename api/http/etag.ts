/** A revision as a strong entity tag, both ways. */
import { Refusal } from '../../models/errors';

export function etagOf(revision: number): string {
  return `"${String(revision)}"`;
}

/** The revision that `If-Match` names; `*` means any. Throws invalid_request or stale_version. */
export function ifMatchOf(header: string | undefined): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '*') return undefined;
  if (text.startsWith('W/')) {
    throw new Refusal(
      'stale_version',
      'A weak entity tag never matches; send the ETag as it came.',
    );
  }
  const [, digits] = /^"(\d{1,15})"$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new Refusal('invalid_request', 'If-Match must be one ETag of this thing, such as "7".');
  }
  return Number(digits);
}
