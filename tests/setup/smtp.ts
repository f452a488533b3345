/** An SMTP server in this process that takes mail, and treats some recipients badly. */
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface Taken {
  readonly to: string;
  /** As it came over the wire, quoted-printable undone. */
  readonly text: string;
  readonly messageId: string;
}

/** What happens to one recipient; each is done with before the next attempt. */
export type Trouble =
  /** `code` at RCPT TO or after DATA. */
  | { readonly at: 'recipient' | 'data'; readonly code: number }
  /** The connection is cut. */
  | { readonly at: 'recipient' | 'data'; readonly drops: true }
  /** It answers that much later; never, without milliseconds. */
  | { readonly at: 'data'; readonly delayMs?: number };

export type SmtpPeer = Awaited<ReturnType<typeof startSmtp>>;

export async function startSmtp() {
  const taken: Taken[] = [];
  const attempts: string[] = [];
  const troubles = new Map<string, Trouble[]>();

  /** True when nothing more is to be done. */
  function trouble(
    at: Trouble['at'],
    session: SMTPServerSession,
    to: string,
    answer: (error?: Error) => void,
  ): boolean {
    const queue = troubles.get(to) ?? [];
    const [next] = queue;
    if (next?.at !== at) return false;
    queue.shift();
    if ('code' in next) {
      answer(Object.assign(new Error(`${next.code} so it is`), { responseCode: next.code }));
    } else if ('drops' in next) {
      for (const connection of server.connections) {
        if (connection.id === session.id) connection._socket.destroy();
      }
    } else if (next.delayMs !== undefined) setTimeout(answer, next.delayMs);
    return true;
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onRcptTo: ({ address }, session, answer) => {
      attempts.push(address);
      if (!trouble('recipient', session, address, answer)) answer();
    },
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        if (trouble('data', session, to, answer)) return;
        const raw = Buffer.concat(chunks).toString();
        const text = raw.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
        const [, messageId = ''] = /^Message-ID: (.+)$/im.exec(raw) ?? [];
        taken.push({ to, text, messageId: messageId.trim() });
        answer();
      });
    },
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, '127.0.0.1', () => {
      const bound = listener.address();
      if (typeof bound === 'object' && bound) resolve(bound.port);
    });
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    /** What happens to a recipient next, and then, and then. */
    troubling: (to: string, ...kinds: Trouble[]) => troubles.set(to, [...kinds]),
    /** All that was to happen to a recipient has begun. */
    isTroubled: (to: string) => troubles.get(to)?.length === 0,
    takenFor: (to: string) => taken.filter((one) => one.to === to),
    attemptsFor: (to: string) => attempts.filter((one) => one === to).length,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}
