/** Text has no mark of its own: it is what can be read as UTF-8. */
import { isUtf8 } from 'node:buffer';

/** Whether its beginning is UTF-8, perhaps cut within a character, without control characters that no text has. */
export function isText(head: Uint8Array): boolean {
  const whole = [0, 1, 2, 3].find((cut) => isUtf8(head.subarray(0, head.length - cut)));
  return whole !== undefined && !strange.test(new TextDecoder().decode(head));
}

/** Not among them: tabs, line ends, form feeds, and the escapes with which terminals colour. */
const strange = /[\u0000-\u0007\u000e-\u001a\u001c-\u001f]/;

/** What may stand before the first element. One at a time: a pattern of many of them could be made to take years. */
const skipped = /(?:\s+|<!--[^]*?-->|<\?[^]*?\?>|<!doctype(?!\s+(?:html|svg)\b)[^>]*>)/iy;
const runnable =
  /<(?:!doctype\s+(?:html|svg)|html|head|body|script|iframe|svg|style|object|embed|base|meta)\b/iy;

/** Whether a browser would take it for a page or a drawing with scripts in it. */
export function beginsLikeMarkup(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head);
  let at = 0;
  for (;;) {
    skipped.lastIndex = at;
    if (!skipped.test(text)) break;
    at = skipped.lastIndex;
  }
  runnable.lastIndex = at;
  return runnable.test(text);
}
