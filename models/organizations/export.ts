/**
 * All rows of an organization as lines of JSON, as they were at one instant. A header comes first, then a
 * line for each row with its table, then the files of tickets piece by piece, at last the counts: a file
 * without that line is not whole.
 */
import type { AttachmentStore } from '../attachments/store';
import type { Database, Tx } from '../database';
import { exportFiles } from './export-files';

export const exportFormat = { format: 'holdfast-organization', version: 1 } as const;

/** Sessions and what belongs to them: good for nothing elsewhere, or secret. Mails have links in their text. */
const leftOutTables: readonly string[] = [
  'idempotency_keys',
  'mails',
  'past_passwords',
  'refresh_tokens',
  'sessions',
  // Made of the rows of tickets, again and again.
  'known_errors',
  'text_moves',
  'ticket_texts',
];

/** Columns whose names say that they keep a secret, or a hash of one. */
const secretName = /password|hash|secret|token|recovery|otp|link/;
const harmless: readonly string[] = ['password_changed_at', 'must_change_password'];

export function isSecret(column: string): boolean {
  return secretName.test(column) && !harmless.includes(column);
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Sources {
  readonly database: Pick<Database, 'inSnapshot' | 'once'>;
  /** Absent: there are no files. */
  readonly store?: AttachmentStore | undefined;
}

export type Write = (lines: readonly string[]) => Promise<void>;

const rowsAtOnce = 1_000;

/** Lines without line feeds, in chunks; reads on only when it is asked for more. */
export async function exportOrganization(
  sources: Sources,
  organization: { readonly id: string; readonly slug: string },
  write: Write,
): Promise<{ readonly rows: number }> {
  const counts = await exportRows(sources, organization, write);
  // What a row names is in the store for a day after that row has gone: no snapshot need be held for it.
  const files = sources.store
    ? await exportFiles({ ...sources, store: sources.store }, organization.id, write)
    : 0;
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  await write([JSON.stringify({ end: true, rows, files, counts })]);
  return { rows };
}

async function exportRows(
  { database }: Sources,
  { id, slug }: { readonly id: string; readonly slug: string },
  write: Write,
): Promise<Record<string, number>> {
  return database.inSnapshot(id, async (tx) => {
    const at = await tx.now();
    // Whoever takes the lines may be slow: a disk, a network.
    await tx.rowsOf('set local idle_in_transaction_session_timeout = 0');
    const tables = await tablesOf(tx);
    await write([JSON.stringify({ ...exportFormat, at, organization: { id, slug } })]);
    const counts: Record<string, number> = {};
    for (const table of tables) counts[table.name] = await exportTable(tx, table, write);
    return counts;
  });
}

/** From the catalog, so that a table that is made later is not forgotten. */
async function tablesOf(tx: Tx): Promise<Table[]> {
  const tables = await tx.rows<Table>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      group by c.relname order by c.relname = 'organizations' desc, c.relname`,
  );
  return tables.filter(
    ({ name, columns }) =>
      (name === 'organizations' || columns.includes('organization_id')) &&
      !leftOutTables.includes(name),
  );
}

async function exportTable(tx: Tx, { name, columns }: Table, write: Write): Promise<number> {
  const left = columns.filter(isSecret).map((column) => `'${column}'`);
  const row = `to_jsonb(t) - array[${left.join(', ')}]::text[]`;
  await tx.rowsOf(
    `declare exported no scroll cursor for
       select json_build_object('table', '${name}', 'row', ${row})::text as line from "${name}" t`,
  );
  let rows = 0;
  for (;;) {
    const page = await tx.rowsOf<{ line: string }>(`fetch ${rowsAtOnce} from exported`);
    if (page.length === 0) break;
    rows += page.length;
    await write(page.map(({ line }) => line));
  }
  await tx.rowsOf('close exported');
  return rows;
}
