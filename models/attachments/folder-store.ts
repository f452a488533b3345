/** Files in a folder, which all processes of an installation share. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { keyOf, type AttachmentStore, type StoredFile } from './store';

/** For the eyes of whoever runs the installation. */
const [fileMode, folderMode] = [0o600, 0o700];

/** `folder` is made when it is needed. */
export function folderStore(folder: string): AttachmentStore {
  const pathOf = (file: StoredFile) => join(folder, keyOf(file));
  return {
    put: async (file, bytes) => {
      const path = pathOf(file);
      const begun = begunAt(path);
      await mkdir(dirname(path), { recursive: true, mode: folderMode });
      try {
        // `flush`: on the disk, and not only in its cache, before it has its name.
        const target = createWriteStream(begun, { flags: 'wx', mode: fileMode, flush: true });
        await pipeline(bytes, target);
        await rename(begun, path);
        await keepNames(path, folder);
      } catch (error) {
        await rm(begun, { force: true });
        throw error;
      }
    },
    get: async (file, span) => {
      const handle = await open(pathOf(file));
      return handle.createReadStream(span && { start: span.from, end: span.to });
    },
    remove: async (file) => {
      await rm(pathOf(file), { force: true });
      await rm(begunAt(pathOf(file)), { force: true });
    },
  };
}

function begunAt(path: string): string {
  return `${path}.begun`;
}

/** A name lasts when its folder was written to the disk, and a new folder when its own was. */
async function keepNames(path: string, root: string): Promise<void> {
  for (let at = dirname(path); at.length >= root.length && at !== dirname(at); at = dirname(at)) {
    const handle = await open(at);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
