/** One file out of an archive in memory: just enough of zip (Python wheels) and of tar.gz. */
import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** The content of the first entry of a zip whose name fits; throws when there is none. */
export function entryOfZip(zip: Buffer, fits: (name: string) => boolean): Buffer {
  const end = directoryEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < count; i += 1) {
    if (zip.readUInt32LE(at) !== directoryEntry) throw new Error('The zip archive is damaged.');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (fits(name)) return contentOf(zip, at);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error('The zip archive has no such file.');
}

/** The content of the first regular file of a tar.gz whose name fits; throws when there is none. */
export function entryOfTarGz(archive: Buffer, fits: (name: string) => boolean): Buffer {
  const tar = gunzipSync(archive);
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const name = tar.toString('utf8', at, tar.indexOf(0, at));
    const size = parseInt(tar.toString('ascii', at + 124, at + 135), 8);
    const isFile = tar[at + 156] === 0x30 || tar[at + 156] === 0;
    if (Number.isNaN(size)) throw new Error('The tar archive is damaged.');
    if (isFile && fits(name)) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error('The tar archive has no such file.');
}

function contentOf(zip: Buffer, entry: number): Buffer {
  const method = zip.readUInt16LE(entry + 10);
  const packedSize = zip.readUInt32LE(entry + 20);
  // The lengths in the local header may differ from those in the directory: only it knows them.
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + packedSize);
  const content = unpack(packed, method);
  if (crc32(content) !== zip.readUInt32LE(entry + 16)) {
    throw new Error('The zip archive is damaged: a checksum does not fit.');
  }
  return content;
}

function unpack(packed: Buffer, method: number): Buffer {
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new Error(`The zip archive is packed in a way that is not known here (${method}).`);
}

function directoryEnd(zip: Buffer): number {
  // It stands at the end, before a comment of at most 64 kB.
  for (let at = zip.length - 22; at >= 0 && at >= zip.length - 22 - 0xffff; at -= 1) {
    if (zip.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new Error('This is no zip archive.');
}
