/** Markdown that programs write, as the formatter of this repository wants it. */

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

/** A program's text below what people wrote above the mark; with a title where there is nothing yet. */
export function underMark(
  present: string | undefined,
  { title, mark }: { readonly title: string; readonly mark: string },
  text: string,
): string {
  const head = present?.includes(mark) ? present.slice(0, present.indexOf(mark)) : '';
  return `${head || `# ${title}\n\n`}${mark}\n\n${text}`;
}
