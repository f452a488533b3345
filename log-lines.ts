/**
 * Writes log lines in the background and never holds up or ends the process that logs: a full disk costs
 * lines, which are counted. pino's own writer ends the process at a failed write, and its last flush then
 * tries again for ever: a process that neither works nor ends.
 */
import { write, writeSync } from 'node:fs';

const pauseMs = 500;
const enoughBytes = 4_096;
/** More than this is kept for no reader, however slow. */
const mostBytes = 4 * 1024 * 1024;
const busyMs = 100;

export class LogLines {
  #waiting = '';
  #lost = 0;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly descriptor: number) {}

  /** Takes one line with its line feed; written when there are enough, at the latest after half a second. */
  write(line: string): void {
    if (this.#waiting.length > mostBytes) this.#lost += 1;
    else this.#waiting += line;
    if (this.#waiting.length >= enoughBytes) this.#writeBatch();
    else
      this.#timer ??= setTimeout(() => {
        this.#writeBatch();
      }, pauseMs).unref();
  }

  /** For the exit of the process: writes what waits, once; what cannot be written is dropped. */
  flushSync(): void {
    let rest = this.#takeBatch();
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.descriptor, rest));
    } catch {
      // Nobody is left to be told, and what keeps a process from ending does more harm than lost lines.
    }
  }

  #writeBatch(): void {
    if (!this.#isWriting) this.#writeRest(this.#takeBatch());
  }

  #takeBatch(): Buffer {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = Buffer.from(this.#notice() + this.#waiting);
    this.#waiting = '';
    return batch;
  }

  #writeRest(rest: Buffer): void {
    this.#isWriting = rest.length > 0;
    if (!this.#isWriting) return;
    write(this.descriptor, rest, (error, written) => {
      if (error?.code === 'EAGAIN') {
        // A pipe whose reader is slow.
        setTimeout(() => {
          this.#writeRest(rest);
        }, busyMs).unref();
        return;
      }
      if (error !== null) this.#lost += rest.filter((byte) => byte === 10).length;
      this.#writeRest(error === null ? rest.subarray(written) : Buffer.of());
    });
  }

  /** Said once, with the next lines. */
  #notice(): string {
    if (this.#lost === 0) return '';
    const said = { level: 40, time: Date.now(), msg: 'log lines were lost', lines: this.#lost };
    this.#lost = 0;
    return `${JSON.stringify(said)}\n`;
  }
}
