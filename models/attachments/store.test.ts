/** The same promises of both stores: a folder, and a server that speaks like S3. It looks at keys, not at signatures. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { openStore } from './open';
import type { AttachmentStore, Bytes } from './store';

const mebibyte = 2 ** 20;
let root: string;
let server: S3rver;
let endpoint: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-store-'));
  server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory: join(root, 's3') },
    configureBuckets: [{ name: 'files', configs: [] }],
  });
  const { port } = await server.run();
  endpoint = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

// What that server takes for right.
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const bucket = (given = credentials) => ({
  folder: '',
  s3: { bucket: 'files', region: 'us-east-1', endpoint, credentials: given },
});

async function* pieces(file: Buffer, fails = false) {
  for (let at = 0; at < file.length; at += 65_536) {
    yield file.subarray(at, at + 65_536);
    await Promise.resolve();
  }
  if (fails) throw new Error('the sender is gone');
}

async function all(bytes: Bytes): Promise<Buffer> {
  const chunks = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const aFile = () => ({ organizationId: randomUUID(), id: randomUUID() });

describe.each(['a folder', 'a bucket'])('%s', (kind) => {
  let store: AttachmentStore;
  beforeAll(async () => {
    store = await openStore(kind === 'a folder' ? { folder: join(root, 'files') } : bucket());
  });

  it.each([1, 100_000, 12 * mebibyte])(
    'gives back %d bytes as they were, and parts of them',
    async (size) => {
      const [file, content] = [aFile(), randomBytes(size)];
      await store.put(file, pieces(content));
      expect((await all(await store.get(file))).equals(content)).toBe(true);
      const span = { from: Math.floor(size / 2), to: size - 1 };
      const part = await all(await store.get(file, span));
      expect(part.equals(content.subarray(span.from))).toBe(true);
    },
  );

  it.each([10, 12 * mebibyte])(
    'keeps nothing of one that breaks off after %d bytes',
    async (size) => {
      const file = aFile();
      await expect(store.put(file, pieces(randomBytes(size), true))).rejects.toThrow('is gone');
      await expect(store.get(file)).rejects.toThrow();
      const left = await readdir(root, { recursive: true });
      expect(left.filter((name) => name.includes(file.id))).toEqual([]);
    },
  );

  it('removes what is there, and what is not', async () => {
    const [file, other] = [aFile(), aFile()];
    await store.put(file, pieces(randomBytes(10)));
    await store.put(other, pieces(randomBytes(10)));
    await store.remove(file);
    await store.remove(file);
    await expect(store.get(file)).rejects.toThrow();
    expect(await all(await store.get(other))).toHaveLength(10);
  });
});

it('a bucket is closed to whoever has no key for it', async () => {
  const store = await openStore(bucket({ ...credentials, accessKeyId: 'wrong' }));
  await expect(store.put(aFile(), pieces(randomBytes(10)))).rejects.toThrow(/Access Key Id/);
});
