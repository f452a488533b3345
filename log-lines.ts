/**
 * Writes log lines in batches and never ends the process that logs: a full disk costs lines, which are
 * counted. pino's own writer ends the process at a failed write, and its last flush then tries again for
 * ever: a process that neither works nor ends.
 */
import { writeSync } from 'node:fs';

const pauseMs = 500;
const enoughBytes = 4_096;
/** More than this is kept for no reader, however slow. */
const mostBytes = 4 * 1024 * 1024;

export class LogLines {
  #waiting = '';
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly descriptor: number) {}

  /** Takes one line with its line feed; written when there are enough, at the latest after half a second. */
  write(line: string): void {
    if (this.#waiting.length < mostBytes) this.#waiting += line;
    else this.#lost += 1;
    if (this.#waiting.length >= enoughBytes) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, pauseMs).unref();
  }

  /**
   * Writes what waits. In one call and not in the background: a batch under way could neither be waited
   * for when the process exits nor be overtaken. What cannot be written is dropped and counted.
   */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let rest = Buffer.from(this.#notice() + this.#waiting);
    this.#waiting = '';
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.descriptor, rest));
    } catch (error) {
      // A pipe whose reader is slow takes it later.
      if (error instanceof Error && error.message.startsWith('EAGAIN'))
        this.#waiting = rest.toString();
      else this.#lost += rest.filter((byte) => byte === 10).length;
    }
  }

  /** Said once, with the next lines. */
  #notice(): string {
    if (this.#lost === 0) return '';
    const said = { level: 40, time: Date.now(), msg: 'log lines were lost', lines: this.#lost };
    this.#lost = 0;
    return `${JSON.stringify(said)}\n`;
  }
}
