/** Carries out the lines of a file inside one transaction; a line that is refused leaves nothing behind. */
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../../models/database';
import { Refusal, type InputIssue } from '../../../models/errors';
import { lockFor } from '../../../models/lock';
import type { By } from '../../http/request';
import { refusingBroken } from '../../http/resource/constraint';
import { editIn, makeIn, type Identified, type Resource } from '../../http/resource/resource';
import { storedOf } from '../changes';
import { input as NewPerson } from '../profile';
import { keyOf, type Row } from './columns';
import { managersFirst, type Line } from './file';
import { locationsOf, peopleOf, type Known } from './known';

export const outcomes = ['created', 'updated', 'unchanged', 'refused'] as const;

export interface Outcome {
  readonly line: number;
  readonly email: string;
  readonly outcome: (typeof outcomes)[number];
  readonly errors: readonly InputIssue[];
}

interface Run<Person extends Identified> {
  readonly tx: Tx;
  readonly by: By;
  readonly resource: Resource<Person>;
  /** By email; those that the file makes join them. */
  readonly people: Map<string, Known>;
  readonly locations: ReadonlyMap<string, string>;
}

/** One outcome for each line, in the order of the file. */
export async function importPeople<Person extends Identified>(
  tx: Tx,
  resource: Resource<Person>,
  by: By,
  lines: readonly Line[],
): Promise<Outcome[]> {
  const people = await peopleOf(tx, lines);
  await lockAhead(tx, lines, people);
  const run = { tx, by, resource, people, locations: await locationsOf(tx, lines) };
  const done: Outcome[] = [];
  for (const line of managersFirst(lines)) done.push(await outcomeOf(run, line));
  return done.sort((a, b) => a.line - b.line);
}

/**
 * What single changes would lock, in their order and before all savepoints: undoing one would give it back.
 * Not without need, as others wait for it as long as the file takes.
 */
async function lockAhead(
  tx: Tx,
  lines: readonly Line[],
  people: ReadonlyMap<string, Known>,
): Promise<void> {
  const edits = lines.flatMap(({ row }) => {
    const known = row && people.get(keyOf(row.email));
    return known ? [{ row, known }] : [];
  });
  const demotes = edits.some(({ row, known }) => known.role === 'admin' && row.role !== undefined);
  if (demotes) await lockFor(tx, 'administrators');
  const moves = edits.some(({ row }) => typeof row.manager === 'string');
  if (moves) await lockFor(tx, 'users');
}

async function outcomeOf<Person extends Identified>(
  run: Run<Person>,
  { line, email, row, errors }: Line,
): Promise<Outcome> {
  const as = (outcome: Outcome['outcome'], why: readonly InputIssue[] = []) => ({
    ...{ line, email, outcome, errors: why },
  });
  if (row === undefined) return as('refused', errors);
  try {
    return as(await apply(run, row));
  } catch (error) {
    if (error instanceof Refusal) return as('refused', issuesOf(error));
    throw error;
  }
}

async function apply<Person extends Identified>(run: Run<Person>, row: Row) {
  const fields = fieldsOf(run, row);
  const known = run.people.get(keyOf(row.email));
  if (known === undefined) {
    await orUndo(run.tx, () => make(run, row, fields));
    return 'created';
  }
  if (known.isService) throw refusal('/email', 'taken', 'is taken already');
  const input = Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => known[name as keyof Known] !== value),
  );
  if (Object.keys(input).length === 0) return 'unchanged';
  const change = { ...run.by, did: 'edited', id: known.id, input } as const;
  await orUndo(run.tx, () => editIn(run.tx, run.resource, change));
  return 'updated';
}

async function make<Person extends Identified>(run: Run<Person>, row: Row, fields: Fields) {
  if (row.name === undefined) throw refusal('/name', 'required', 'is required');
  const { email, login } = row;
  const input = NewPerson.parse({ ...fields, email, ...(login !== undefined && { login }) });
  const id = uuidv7();
  const change = { ...run.by, did: 'created', id, input } as const;
  await makeIn(run.tx, run.resource, change, await storedOf(input));
  const { name, role, title, department, phone, managerId, locationId, ...rest } = input;
  const { locale, timezone, isVip } = rest;
  run.people.set(keyOf(email), {
    ...{ id, isService: false, name, role, title, department, phone, managerId, locationId },
    ...{ locale, timezone, isVip },
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** What the line says, by the names of the model. Throws invalid_input for a manager or location that is not there. */
function fieldsOf(run: Places, row: Row): Fields {
  const { name, role, title, department, phone, locale, timezone, vip, manager, location } = row;
  const managerId = idOf(manager, managerIn(run.people, manager));
  const locationId = idOf(location, run.locations.get(location ?? ''));
  const wrong = [
    ...(managerId === missing ? [issueAt.manager] : []),
    ...(locationId === missing ? [issueAt.location] : []),
  ];
  if (wrong.length > 0) throw new Refusal('invalid_input', 'Not found.', { errors: wrong });
  const fields = {
    ...{ name, role, title, department, phone, locale, timezone },
    ...{ isVip: vip, managerId, locationId },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

async function orUndo(tx: Tx, work: () => Promise<unknown>): Promise<void> {
  try {
    // Not one by one: the savepoint travels with the first statement of the work.
    await Promise.all([tx.rows('savepoint line'), refusingBroken('users', work)]);
  } catch (error) {
    if (error instanceof Refusal) await tx.rows('rollback to savepoint line');
    throw error;
  }
  await tx.rows('release savepoint line');
}

type Places = Pick<Run<Identified>, 'people' | 'locations'>;

const missing = Symbol('missing');

const issueAt = {
  manager: {
    pointer: '/manager',
    code: 'not_found',
    detail: 'is the email of nobody here, or of a line that is refused',
  },
  location: { pointer: '/location', code: 'not_found', detail: 'is the name of no location' },
} as const;

/** Of what a cell names: undefined says nothing, null empties it. */
function idOf(cell: string | null | undefined, found: string | undefined) {
  return typeof cell === 'string' ? (found ?? missing) : cell;
}

function managerIn(people: Places['people'], email: string | null | undefined): string | undefined {
  const manager = people.get(keyOf(email ?? ''));
  return manager?.isService === false ? manager.id : undefined;
}

function refusal(pointer: string, code: string, detail: string): Refusal {
  return new Refusal('invalid_input', detail, { errors: [{ pointer, code, detail }] });
}

/** Columns have names of their own. */
const pointers: Readonly<Record<string, string>> = {
  '/managerId': '/manager',
  '/locationId': '/location',
  '/isVip': '/vip',
};

function issuesOf({ code, message, details }: Refusal): readonly InputIssue[] {
  const { errors = [{ pointer: '', code, detail: message }] } = details;
  return errors.map((issue) => ({ ...issue, pointer: pointers[issue.pointer] ?? issue.pointer }));
}
