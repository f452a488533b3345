/** Tables of Markdown, as the formatter of this repository wants them. */

/** Columns as wide as their widest cell; an empty line follows. */
export function table(
  head: readonly string[],
  lines: readonly (readonly (string | number)[])[],
): string[] {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...lines].map((cells) => String(cells[column] ?? '').length)),
  );
  const row = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row), ''];
}
