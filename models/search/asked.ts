/** What somebody types into a search, taken apart: a ticket's number, whole words, and a word that goes on. */

export interface Asked {
  /** In the language of search engines: "of words", or, -not. */
  readonly head: string;
  /** Words only, nothing that says how they belong together. */
  readonly isPlain: boolean;
  /** Letters and digits of a last word that may not be finished; empty: everything is. */
  readonly tail: string;
  /** Of a ticket, as tickets have it; null: it is no number. */
  readonly number: { readonly type: string; readonly number: string } | null;
}

/** What numbers of tickets of a type begin with, such as `INC`. */
export interface Numbered {
  readonly type: string;
  readonly prefix: string;
}

/** Shorter ones begin half of all words. */
const leastTail = 2;
const digits = 7;

/** `q` without blanks at its ends, of tickets of these types. */
export function askedOf(q: string, types: readonly Numbered[]): Asked {
  return { ...parted(q), number: numberOf(q, types) };
}

function parted(said: string): Omit<Asked, 'number'> {
  const last = /(?:^|\s)([\p{L}\p{N}]+)$/u.exec(said)?.[1] ?? '';
  const head = said.slice(0, said.length - last.length);
  // Where there is more to it than words, the last one may belong to something that goes before.
  const isPlain = !/["]|(^|\s)-|(^|\s)or(\s|$)/iu.test(head);
  if (isPlain && last.length >= leastTail) return { head, isPlain, tail: last };
  return { head: said, isPlain, tail: '' };
}

/** `inc42` is `INC0000042`. */
function numberOf(said: string, types: readonly Numbered[]): Asked['number'] {
  const [, letters = '', counted = ''] = /^([a-z]+)-?(\d{1,12})$/i.exec(said) ?? [];
  const found = types.find(({ prefix }) => prefix === letters.toUpperCase());
  if (found === undefined) return null;
  const number = found.prefix + counted.replace(/^0+/, '').padStart(digits, '0');
  return { type: found.type, number };
}
