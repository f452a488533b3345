/** How far the replay is: one line that is drawn again in a terminal, one line every tenth elsewhere. */

export function progressBar(total: number, isTerminal: boolean, write: (text: string) => void) {
  const since = Date.now();
  let tenth = 0;
  return (done: number): void => {
    const line = lineOf(done, total, (Date.now() - since) / 1000);
    if (isTerminal) {
      write(`\r${line}${done === total ? '\n' : ''}`);
    } else if (Math.floor((done * 10) / total) > tenth) {
      tenth = Math.floor((done * 10) / total);
      write(`${line}\n`);
    }
  };
}

const width = 30;

/** `[#####.....] 5/10 rows, 12 rows/s`. */
function lineOf(done: number, total: number, seconds: number): string {
  const full = Math.floor((done * width) / total);
  const pace = seconds > 0 ? Math.round(done / seconds) : 0;
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done}/${total} rows, ${pace} rows/s`;
}
