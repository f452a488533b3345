/** The words of an RSQL string. */

export type Token =
  | { readonly kind: 'mark'; readonly text: '(' | ')' | ';' | ','; readonly at: number }
  | { readonly kind: 'operator'; readonly text: string; readonly at: number }
  /** A field or a value; quoted ones are values only. */
  | {
      readonly kind: 'word';
      readonly text: string;
      readonly quoted: boolean;
      readonly at: number;
    };

const pattern =
  /\s*(?:([();,])|(=[a-z]+=|==|!=|<=|>=|<|>)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"'();,=!<>]+))/y;

/** All tokens, or the position of the first character that fits nowhere. */
export function tokensOf(text: string): readonly Token[] | { readonly strayAt: number } {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) return { strayAt: from };
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray): Token {
  const [whole, mark, operator, double, single, word] = match;
  const at = match.index + whole.length - whole.trimStart().length;
  if (mark === '(' || mark === ')' || mark === ';' || mark === ',') {
    return { kind: 'mark', text: mark, at };
  }
  if (operator !== undefined) return { kind: 'operator', text: operator, at };
  const quoted = double ?? single;
  if (quoted === undefined) return { kind: 'word', text: word ?? '', quoted: false, at };
  return { kind: 'word', text: quoted.replace(/\\(.)/gs, '$1'), quoted: true, at };
}
