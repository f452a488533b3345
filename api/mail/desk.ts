/** Where the API leaves what no answer waits for: mails to hand over, and work that must not show in an answer's time. */
import type { Logger } from 'pino';

export interface MailDesk {
  /** Base of the links in mails, without a slash at its end. */
  readonly publicUrl: string;
  /** After the commit of a mail: hands over what is there. What fails is left to the loop of a worker. */
  handOver(): void;
  /** Begins after the present answer is sent; an error is logged. */
  afterwards(what: string, work: () => Promise<void>): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface MailDeskOptions {
  readonly publicUrl: string;
  readonly log: Pick<Logger, 'error'>;
  /** Hands over what is due; absent: there is no SMTP server, so mails are kept. */
  readonly sweep?: (() => Promise<boolean>) | undefined;
}

export function createMailDesk({ publicUrl, log, sweep }: MailDeskOptions): MailDesk {
  const running = new Set<Promise<void>>();
  let isWanted = false;
  let isSweeping = false;

  function begin(what: string, work: () => Promise<void>): void {
    const one = new Promise((resolve) => setImmediate(resolve))
      .then(work)
      .catch((error: unknown) => {
        log.error({ err: error, what }, 'work after an answer failed');
      })
      .finally(() => running.delete(one));
    running.add(one);
  }

  /** One at a time: what is written meanwhile is taken by the next round. */
  async function sweepAll(take: () => Promise<boolean>): Promise<void> {
    if (isSweeping) return;
    isSweeping = true;
    try {
      while (isWanted) {
        isWanted = false;
        if (await take()) isWanted = true;
      }
    } finally {
      isSweeping = false;
    }
  }

  return {
    publicUrl,
    handOver: () => {
      if (sweep === undefined) return;
      isWanted = true;
      begin('hand over mails', () => sweepAll(sweep));
    },
    afterwards: begin,
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
