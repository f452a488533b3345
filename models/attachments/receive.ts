/** A file on its way in: looked at before anything is written, counted and hashed as it passes. */
import { createHash } from 'node:crypto';
import { Refusal } from '../errors';
import { headBytes } from './kind';
import type { Bytes } from './store';

export interface Incoming {
  /** As much of its beginning as it takes to know what it is. */
  readonly head: Uint8Array;
  /** All of it, the head again; can be read once. Throws payload_too_large. */
  readonly bytes: Bytes;
  /** What has passed. */
  readonly passed: () => { readonly bytes: number; readonly sha256: string };
  /** Ends it, when nobody wants the rest. */
  readonly drop: () => Promise<void>;
}

/** Reads the beginning; throws payload_too_large if that is too much already. */
export async function receive(source: Bytes, mostBytes: number): Promise<Incoming> {
  const hash = createHash('sha256');
  let count = 0;
  const rest = limited(source, mostBytes);
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const { done, value } = await rest.next();
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  return {
    head: Buffer.concat(first, length).subarray(0, headBytes),
    bytes: (async function* () {
      for await (const chunk of joined(first, rest)) {
        hash.update(chunk);
        count += chunk.length;
        yield chunk;
      }
    })(),
    passed: () => ({ bytes: count, sha256: hash.copy().digest('hex') }),
    drop: async () => {
      await rest.return(undefined);
    },
  };
}

async function* joined(first: readonly Uint8Array[], rest: Bytes) {
  yield* first;
  yield* rest;
}

async function* limited(source: Bytes, mostBytes: number): AsyncGenerator<Uint8Array, void> {
  let passed = 0;
  for await (const chunk of source) {
    passed += chunk.length;
    if (passed > mostBytes) throw tooLarge(mostBytes);
    yield chunk;
  }
}

export function tooLarge(mostBytes: number): Refusal {
  const mebibytes = Math.round(mostBytes / 2 ** 20);
  return new Refusal('payload_too_large', `A file may have at most ${mebibytes} MiB.`, {
    mostBytes,
  });
}
