/** Names that something else has already: a process beside it, a permission, an address or a schema. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionsIn } from '../../models/users/permissions';
import { processes } from '../../workflows/registry';
import type { Names } from './names';

/** Throws with what has the name, and how to go around it. */
export function refuseTaken(checkout: string, { type, pascal, path, prefix }: Names): void {
  const declarations = processes.map(({ declaration }) => declaration);
  const api = sourcesOf(join(checkout, 'api'));
  const addresses = new Set([
    ...declarations.map((one) => one.path),
    ...found(api, /\bpath: '\/([a-z0-9-]+)/g),
  ]);
  const types = new Set([
    ...addresses,
    ...permissionsIn(declarations).map(({ name }) => name.split(':')[0]),
    ...found(readFileSync(join(checkout, 'workflows/index.ts'), 'utf8'), /\b(\w+)(?=,| \})/g),
  ]);
  if (types.has(type)) throw new Error(`The name ${type} is taken.`);
  const inputs = declarations.map((one) => sourcesOf(join(checkout, 'workflows', one.path)));
  const schema = schemasOf(pascal).find((name) =>
    found([api, ...inputs].join(), ids).includes(name),
  );
  if (schema !== undefined) {
    throw new Error(`The API has a schema ${schema} already: find another name.`);
  }
  if (addresses.has(path) || existsSync(join(checkout, 'workflows', path))) {
    throw new Error(`The address /${path} is taken: name another plural with --plural.`);
  }
  const other = declarations.find((one) => one.prefix === prefix);
  if (other)
    throw new Error(`Numbers of ${other.path} begin with ${prefix}: name another --prefix.`);
}

const ids = /\bid: '(\w+)'/g;

/** Schemas of the template: of its tickets and of its inputs. */
function schemasOf(pascal: string): string[] {
  return ['', 'Open', 'Assign', 'Finish', 'Cancel'].map((verb) => `${verb}${pascal}`);
}

/** All TypeScript of a folder but its tests, as one text. */
function sourcesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

function found(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].flatMap(([, name]) => name ?? []);
}
