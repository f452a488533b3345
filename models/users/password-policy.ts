/** What a password must be. Pure; the past ones are compared where their hashes are. */
import { dictionary } from '@zxcvbn-ts/language-common';
import type { InputIssue } from '../errors';

const shortestPassword = 12;

/** About 49,000, the commonest first, in small letters. */
const common: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].filter((word) => typeof word === 'string'),
);

interface Owner {
  readonly name: string;
  readonly email: string | null;
}

const classes = [
  { form: /\p{Lu}/u, what: 'a capital letter' },
  { form: /\p{Ll}/u, what: 'a small letter' },
  { form: /\p{Nd}/u, what: 'a digit' },
  { form: /[^\p{L}\p{N}]/u, what: 'a symbol' },
] as const;

/** Everything that is wrong with it, at the given pointer; empty when nothing is. */
export function passwordIssues(password: string, owner: Owner, pointer: string): InputIssue[] {
  const issue = (code: string, detail: string): InputIssue => ({ pointer, code, detail });
  const missing = classes.filter(({ form }) => !form.test(password)).map(({ what }) => what);
  return [
    ...(Array.from(password).length < shortestPassword
      ? [issue('too_short', `must have at least ${shortestPassword} characters`)]
      : []),
    ...(missing.length > 0 ? [issue('too_plain', `must contain ${missing.join(', ')}`)] : []),
    ...(isCommon(password) ? [issue('too_common', 'is one of the commonest passwords')] : []),
    ...(tellsOwner(password, owner)
      ? [issue('tells_owner', 'must not contain name or email')]
      : []),
  ];
}

/** `Password123!` is `password` with the ornaments that everybody adds. */
function isCommon(password: string): boolean {
  const plain = password.toLowerCase();
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return common.has(plain) || common.has(core);
}

/** Words of a name that are long enough to be recognised, and what stands before the @. */
function tellsOwner(password: string, { name, email }: Owner): boolean {
  const plain = password.toLowerCase();
  const words = [...name.toLowerCase().split(/[^\p{L}\p{N}]+/u), email?.split('@')[0] ?? ''];
  return words.some((word) => word.length >= 4 && plain.includes(word.toLowerCase()));
}
