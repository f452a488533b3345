/** A flag's count; `wrong` makes the error, which also says how the program is used. */
export function countOf(flag: string, text: string, wrong: (message: string) => Error): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw wrong(`--${flag} must be a whole number above 0, not ${text}.`);
}
