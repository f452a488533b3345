import { spawnSync } from 'node:child_process';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { entryOfTarGz, entryOfZip } from './archive';

const text = Buffer.from('#!/bin/sh\necho hello\n'.repeat(50));
const isProgram = (name: string) => name.endsWith('/scripts/temporal');

describe('a file out of a zip', () => {
  it.each([
    ['packed', 8],
    ['stored', 0],
  ])('is read when it is %s', (_, method) => {
    const zip = zipOf([
      { name: 'x.data/METADATA', content: Buffer.from('other'), method },
      { name: 'x.data/scripts/temporal', content: text, method },
    ]);
    expect(entryOfZip(zip, isProgram)).toEqual(text);
  });

  it('is found behind a comment at the end of the archive', () => {
    const zip = zipOf([{ name: 'x/scripts/temporal', content: text, method: 8 }], 'a comment');
    expect(entryOfZip(zip, isProgram)).toEqual(text);
  });

  it('is read from an archive that Python made', () => {
    const script = `
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('a/b.txt', 'b' * 1000)
    z.writestr('a/scripts/temporal', 'python was here ' * 99)
sys.stdout.buffer.write(out.getvalue())`;
    const { stdout, error } = spawnSync('python3', ['-c', script]);
    const zip = error === undefined ? stdout : zipOf([python]);
    expect(entryOfZip(zip, isProgram).toString()).toBe('python was here '.repeat(99));
  });

  it('is refused when its checksum does not fit', () => {
    const zip = zipOf([{ name: 'x/scripts/temporal', content: text, method: 0 }]);
    const at = zip.indexOf('echo hello');
    zip.write('ECHO', at);
    expect(() => entryOfZip(zip, isProgram)).toThrow('a checksum does not fit');
  });

  it('is missed with a clear error', () => {
    const zip = zipOf([{ name: 'other', content: text, method: 8 }]);
    expect(() => entryOfZip(zip, isProgram)).toThrow('no such file');
    expect(() => entryOfZip(Buffer.from('<html>not here</html>'), isProgram)).toThrow(
      'This is no zip archive',
    );
  });
});

describe('a file out of a tar.gz', () => {
  const isTemporal = (name: string) => name === 'temporal';

  it('is read whatever stands before it', () => {
    const archive = tarGzOf([
      { name: 'LICENSE', content: Buffer.alloc(700, 'x') },
      { name: 'temporal', content: text },
    ]);
    expect(entryOfTarGz(archive, isTemporal)).toEqual(text);
  });

  it('is missed with a clear error', () => {
    const archive = tarGzOf([{ name: 'LICENSE', content: text }]);
    expect(() => entryOfTarGz(archive, isTemporal)).toThrow('no such file');
  });
});

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  readonly method: number;
}

// Where there is no Python the same content comes from our own writer.
const python: Entry = {
  name: 'a/scripts/temporal',
  content: Buffer.from('python was here '.repeat(99)),
  method: 8,
};

function zipOf(entries: readonly Entry[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method } of entries) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    // The local header carries an extra field that the directory does not have.
    const local = Buffer.alloc(30 + name.length + 4);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4, 28);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    locals.push(local, packed);
    directory.push(entry);
    offset += local.length + packed.length;
  }
  const end = Buffer.alloc(22 + comment.length);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  end.write(comment, 22);
  return Buffer.concat([...locals, ...directory, end]);
}

function tarGzOf(entries: readonly Omit<Entry, 'method'>[]): Buffer {
  const blocks = entries.flatMap(({ name, content }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
