import { createHash } from 'node:crypto';
import { headBytes } from './kind';
import { receive } from './receive';

async function* pieces(...given: readonly Uint8Array[]) {
  await Promise.resolve();
  yield* given;
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a file that comes in', () => {
  it('is passed on whole, with its length and its hash', async () => {
    const file = Buffer.alloc(200_000, 'x');
    const parts = [file.subarray(0, 10), file.subarray(10, 70_000), file.subarray(70_000)];
    const incoming = await receive(pieces(...parts), 200_000);
    expect(incoming.head.length).toBe(headBytes);
    expect((await all(incoming.bytes)).equals(file)).toBe(true);
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect(incoming.passed()).toEqual({ bytes: 200_000, sha256 });
  });

  it('is refused as soon as it is too large: in its head, or later', async () => {
    const tooLarge = { code: 'payload_too_large', details: { mostBytes: 100_000 } };
    await expect(receive(pieces(Buffer.alloc(100_001)), 100_000)).rejects.toMatchObject(tooLarge);
    const late = await receive(pieces(Buffer.alloc(70_000), Buffer.alloc(30_001)), 100_000);
    await expect(all(late.bytes)).rejects.toMatchObject(tooLarge);
  });

  it('may be dropped when its head was seen: its source ends then', async () => {
    let isEnded = false;
    const source = (async function* () {
      try {
        await Promise.resolve();
        for (;;) yield Buffer.alloc(headBytes);
      } finally {
        isEnded = true;
      }
    })();
    const incoming = await receive(source, 2 ** 40);
    await incoming.drop();
    expect(isEnded).toBe(true);
  });
});
