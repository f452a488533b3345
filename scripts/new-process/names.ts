/** What a new process is called, in all the places where it has a name. */
import ts from 'typescript';

export interface Names {
  /** `leaveRequest`: in ids of lives, permissions and code. */
  readonly type: string;
  /** `LeaveRequest`: in names of schemas and types. */
  readonly pascal: string;
  /** `leave-requests`: its folder and its address. */
  readonly path: string;
  /** `LEA`: before its numbers. */
  readonly prefix: string;
  /** `leave request`: in sentences. */
  readonly words: string;
}

export interface Wish {
  readonly plural?: string | undefined;
  readonly prefix?: string | undefined;
}

/** Throws when one of them cannot be a name. */
export function namesOf(type: string, { plural, prefix }: Wish = {}): Names {
  if (!/^[a-z][A-Za-z0-9]{1,39}$/.test(type) || !isIdentifier(type)) {
    throw new Error(`${type} is no name for a process: an identifier in camelCase is wanted.`);
  }
  const words = wordsOf(type);
  const path = plural ?? pluralOf(words.join('-'));
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(path)) {
    throw new Error(`${path} is no address: small letters, digits and dashes are wanted.`);
  }
  const letters = prefix ?? words.join('').slice(0, 3).toUpperCase();
  if (!/^[A-Z]{2,5}$/.test(letters)) {
    throw new Error(`${letters} is no prefix of numbers: two to five capital letters are wanted.`);
  }
  const pascal = type.charAt(0).toUpperCase() + type.slice(1);
  return { type, pascal, path, prefix: letters, words: words.join(' ') };
}

/** Whether a variable may have that name. */
function isIdentifier(name: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, name);
  return scanner.scan() === ts.SyntaxKind.Identifier && scanner.getTokenEnd() === name.length;
}

function wordsOf(type: string): string[] {
  return type.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
