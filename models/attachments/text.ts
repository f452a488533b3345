/** Text has no mark of its own: it is what can be read as UTF-8. */
import { isUtf8 } from 'node:buffer';

/** Whether its beginning is UTF-8, perhaps cut within a character, without control characters that no text has. */
export function isText(head: Uint8Array): boolean {
  const whole = [0, 1, 2, 3].find((cut) => isUtf8(head.subarray(0, head.length - cut)));
  return whole !== undefined && !strange.test(new TextDecoder().decode(head));
}

/** Not among them: tabs, line ends, form feeds, and the escapes with which terminals colour. */
const strange = /[\u0000-\u0007\u000e-\u001a\u001c-\u001f]/;

const sniffed = 2_048;
const markup =
  /^[\s\ufeff]*(<!--[^]*?-->\s*|<\?xml[^]*?\?>\s*|<!doctype(?!\s+(html|svg))[^>]*>\s*)*<(!doctype\s+(html|svg)|(html|head|body|script|iframe|svg|style|object|embed|base|meta)\b)/i;

/** Whether a browser would take it for a page or a drawing with scripts in it. */
export function beginsLikeMarkup(head: Uint8Array): boolean {
  return markup.test(new TextDecoder().decode(head.subarray(0, sniffed)));
}
