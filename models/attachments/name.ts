/** Names of files, as somebody else's computer has them. */

const longest = 200;
/** Control characters, and those that turn the direction of text: `exe.pdf` must not look like `fdp.exe`. */
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

/** Without folders and without what nobody sees, in NFC, at most 200 characters; its ending stays. */
export function safeName(given: string): string {
  const [last = ''] = given.normalize('NFC').split(/[/\\]/).slice(-1);
  const name = last.replaceAll(invisible, '').replace(/^[\s.]+|[\s.]+$/g, '');
  return shortened(name) || 'file';
}

function shortened(name: string): string {
  if (name.length <= longest) return name;
  const ending = endingOf(name);
  // Not half of a character that is written as two.
  const begin = name.slice(0, longest - ending.length).replace(/[\ud800-\udbff]$/, '');
  return `${begin}${ending}`;
}

/** `.pdf`, in small letters; nothing when there is none. */
export function endingOf(name: string): string {
  return /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0].toLowerCase() ?? '';
}
