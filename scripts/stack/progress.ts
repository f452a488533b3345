/** What a starting person sees: one line for each step that takes time, with the seconds it took. */

export type Say = (line: string) => void;

/** Runs a step; then says its line with the seconds. The result may refine the line. */
export async function timed<T>(
  say: Say,
  line: string | ((result: T) => string),
  step: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await step();
  say(`${typeof line === 'string' ? line : line(result)} (${seconds(performance.now() - start)})`);
  return result;
}

/** Milliseconds as `1.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
