/** All rows of an organization: into a file, or away. */
import { once } from 'node:events';
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { purgeOrganizations } from '../../../engine/purge-organizations';
import { recordAct } from '../../../models/audit/record';
import { exportOrganization } from '../../../models/organizations/export';
import { findOrganization } from '../../../models/organizations/operations';
import { requireEngine, type Installation } from '../installation';
import { operatorHere } from '../operator';
import { print } from '../print';
import type { Call } from '../verb';

/** For the eyes of whoever runs the installation. */
const mode = 0o600;

export async function exportOne({ database, store }: Installation, call: Call): Promise<boolean> {
  const slug = call.words[0] ?? '';
  const file = call.text('to') ?? '';
  if (existsSync(file)) throw new Error(`${file} is there already.`);
  const { id, name } = await findOrganization(database, slug);
  const unfinished = `${file}.unfinished`;
  try {
    const { rows } = await writeFile(unfinished, (write) =>
      exportOrganization({ database, store }, { id, slug }, write),
    );
    // Nobody has the file before it is written down that there is one.
    await database.inOrganization(id, (tx) =>
      recordAct(tx, operatorHere(), {
        action: 'organization.exported',
        target: { type: 'organization', id, name },
        after: { rows },
      }),
    );
    renameSync(unfinished, file);
    print(`${file}: ${rows} rows of ${slug}.`);
    return true;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

type Write = (lines: readonly string[]) => Promise<void>;

async function writeFile<T>(path: string, work: (write: Write) => Promise<T>): Promise<T> {
  const gzip = createGzip();
  const written = pipeline(gzip, createWriteStream(path, { mode }));
  const write: Write = async (lines) => {
    // After a disk that is full nobody would say that there is room again.
    if (gzip.destroyed) throw new Error(`${path} cannot be written.`);
    if (!gzip.write(lines.map((line) => `${line}\n`).join(''))) await once(gzip, 'drain');
  };
  const [result] = await Promise.all([
    work(write).finally(() => {
      gzip.end();
    }),
    written,
  ]);
  return result;
}

export async function purge(installation: Installation): Promise<boolean> {
  await requireEngine(installation);
  const purged = await purgeOrganizations(installation);
  for (const { slug, lives, rows } of purged) {
    print(`${slug} is gone: ${lives} lives ended, ${rows} rows deleted. Its slug stays taken.`);
  }
  if (purged.length === 0) print('Nothing is past its 30 days.');
  return true;
}
