/** What operations read: results on standard output, progress on standard error. */

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

const everyMs = 2_000;

/** Says now and then how far it is; on a terminal in one line that is written over. */
export function progressOf(what: string): { (count: number): void; end(): void } {
  const isTerminal = process.stderr.isTTY;
  let last = performance.now();
  let isOpen = false;
  const say = (count: number) => {
    if (performance.now() - last < everyMs) return;
    last = performance.now();
    isOpen = isTerminal;
    process.stderr.write(isTerminal ? `\r${what}: ${count}` : `${what}: ${count}\n`);
  };
  return Object.assign(say, {
    end: () => {
      if (isOpen) process.stderr.write('\n');
    },
  });
}

/** Columns as wide as their longest cell. */
export function printTable(rows: readonly (readonly string[])[], indent = '  '): void {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  for (const row of rows) {
    const cells = row.map((cell, i) => cell.padEnd(widths[i] ?? 0));
    print(`${indent}${cells.join('  ')}`.trimEnd());
  }
}

/** `40 s`, `12 min`, `3 h`, `5 d`. */
export function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
