/** The text of a file as lines, each read and checked by itself. Pure. */
import { CsvError, parse } from 'csv-parse/sync';
import { invalid, type InputIssue } from '../../../models/errors';
import { issuesOf, wording } from '../../http/input/issues';
import { columns, keyOf, rawOf, Row } from './columns';

export const mostLines = 5_000;

/** One person of the file. */
export interface Line {
  /** Number of the line in the file on which it ends; the first one is 1. */
  readonly line: number;
  /** As it stands there. */
  readonly email: string;
  /** Undefined: it cannot be read, and `errors` says why. */
  readonly row: Row | undefined;
  readonly errors: readonly InputIssue[];
}

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: string[];
}

/** Throws invalid_input for a file that cannot be read as a whole. */
export function readLines(csv: string): readonly Line[] {
  const [head, ...records] = parsed(csv);
  const header = (head?.record ?? []).map((name) => name.toLowerCase());
  refuseHeader(header);
  if (records.length > mostLines)
    throw invalid('/csv', `has more than ${mostLines} lines`, 'too_big');
  const seen = new Set<string>();
  return records.map((record) => lineOf(header, record, seen));
}

function parsed(csv: string): Parsed[] {
  const options = { bom: true, trim: true, info: true, relax_column_count: true } as const;
  try {
    const found: unknown = parse(csv, {
      ...options,
      skip_empty_lines: true,
      delimiter: delimiterOf(csv),
      to: mostLines + 2,
    });
    return found as Parsed[];
  } catch (error) {
    if (error instanceof CsvError) throw invalid('/csv', `cannot be read: ${error.message}`);
    throw error;
  }
}

/**
 * By the header, whose words hold neither sign. The parser's own guess counts every sign of every line,
 * and takes an email or a quoted list for the rule.
 */
function delimiterOf(csv: string): ',' | ';' {
  const [header = ''] = csv.trimStart().split(/[\r\n]/, 1);
  return header.includes(';') ? ';' : ',';
}

function refuseHeader(header: readonly string[]): void {
  const unknown = header.filter((name) => !columns.includes(name));
  if (unknown.length > 0) {
    const detail = `has a column ${unknown.join(', ')}: the first line names some of ${columns.join(', ')}`;
    throw invalid('/csv', detail, 'unknown_field');
  }
  if (new Set(header).size < header.length) throw invalid('/csv', 'has a column twice');
  if (!header.includes('email')) throw invalid('/csv', 'has no column email', 'required');
}

function lineOf(header: readonly string[], { info, record }: Parsed, seen: Set<string>): Line {
  const cells = Object.fromEntries(header.map((name, k) => [name, record[k] ?? '']));
  const email = cells['email'] ?? '';
  const refused = (errors: readonly InputIssue[]) => ({
    ...{ line: info.lines, email, row: undefined, errors },
  });
  if (record.length !== header.length) {
    const detail = `has ${record.length} cells, the header ${header.length}`;
    return refused([{ pointer: '', code: 'invalid', detail }]);
  }
  const { data: row, error } = Row.safeParse(rawOf(cells), wording);
  if (error) return refused(issuesOf(error));
  if (seen.has(keyOf(row.email))) {
    return refused([{ pointer: '/email', code: 'repeated', detail: 'is in a line before' }]);
  }
  seen.add(keyOf(row.email));
  return { line: info.lines, email, row, errors: [] };
}

/** In an order in which managers come before those whose managers they are, wherever they stand. */
export function managersFirst(lines: readonly Line[]): readonly Line[] {
  const byEmail = new Map(lines.flatMap((line) => (line.row ? [[keyOf(line.email), line]] : [])));
  const placed = new Set<Line>();
  for (const line of lines) {
    const chain = new Set<Line>();
    let at: Line | undefined = line;
    while (at && !placed.has(at) && !chain.has(at)) {
      chain.add(at);
      at = byEmail.get(keyOf(at.row?.manager ?? ''));
    }
    for (const one of [...chain].reverse()) placed.add(one);
  }
  return [...placed];
}
