/** How far a long run is: one line that is drawn again in a terminal, one line every tenth elsewhere. */

/** Call it with what is done so far; `unit` is what is counted. */
export function progressBar(
  total: number,
  isTerminal: boolean,
  write: (text: string) => void,
  unit = 'rows',
) {
  const since = Date.now();
  let tenth = 0;
  return (done: number): void => {
    const seconds = (Date.now() - since) / 1000;
    const line = `${barOf(done, total)} ${unit}, ${paceOf(done, seconds)}`;
    if (isTerminal) {
      write(`\r${line}${done === total ? '\n' : ''}`);
    } else if (Math.floor((done * 10) / total) > tenth) {
      tenth = Math.floor((done * 10) / total);
      write(`${line}\n`);
    }
  };
}

const width = 30;

/** `[#####.....] 5/10`. */
function barOf(done: number, total: number): string {
  const full = Math.floor((done * width) / total);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done}/${total}`;
}

/** Things that take long are counted by the seconds, others by the second. */
function paceOf(done: number, seconds: number): string {
  return done < seconds ? `${Math.round(seconds)} s` : `${Math.round(done / seconds)}/s`;
}
