/** Every try of every call, and what was heard of it: one JSON line each. */
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Exchange } from '../replay/door';

const Line = z.object({
  as: z.string(),
  key: z.string(),
  kind: z.string(),
  method: z.string(),
  path: z.string(),
  body: z.unknown().optional(),
  /** Milliseconds since 1970. */
  at: z.number(),
  until: z.number(),
  /** The caller gave this try up on purpose. */
  isGivenUp: z.boolean(),
  /** Undefined: no answer came. */
  status: z.number().optional(),
  text: z.string().optional(),
  isReplayed: z.boolean().optional(),
});
export type Line = Readonly<z.infer<typeof Line>>;

export interface Recorder {
  readonly heard: (exchange: Exchange) => void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

export function openRecorder(file: string): Recorder {
  const stream = createWriteStream(file, { flags: 'wx' });
  return {
    heard: (exchange) => {
      stream.write(`${JSON.stringify(lineOf(exchange))}\n`);
    },
    close: () =>
      new Promise((resolve, reject) => {
        stream.once('error', reject);
        stream.end(resolve);
      }),
  };
}

export function lineOf({ call, answer, ...tried }: Exchange): Line {
  const { as, key, kind, method = 'POST', path, body } = call;
  return { ...{ as, key, kind, method, path, body }, ...tried, ...answer };
}

/** Reads a record line by line. */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    yield Line.parse(JSON.parse(line));
  }
}
