/** Pieces of a text with what was found in it, for pages: everything else is harmless there. */

/** Around what was found, as PostgreSQL gives it; no text keeps them. */
export const foundFrom = '\u0002';
export const foundTo = '\u0003';
/** Of a tsvector's text; `excerptOf` makes HTML of it. */
export const headlineOptions = `StartSel=${foundFrom}, StopSel=${foundTo}, MaxFragments=2, MinWords=6, MaxWords=24, FragmentDelimiter=" … "`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML with no other elements than `mark`. */
export function excerptOf(headline: string): string {
  return headline
    .replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '')
    .replaceAll(foundFrom, '<mark>')
    .replaceAll(foundTo, '</mark>')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
