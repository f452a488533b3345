/** The two lists that know of every process, with one more. */
import type { Names } from './names';

/** Throws when the list has another form than is known here: nothing is guessed. */
export function registryWith(source: string, { type, path }: Names): string {
  const imported = `import { ${type}Process } from './${path}/rules';`;
  const withImport = afterLast(source, /^import .* from '\.\/[^']+';$/gm, `\n${imported}`);
  return afterLast(withImport, /,(?=\n\];)/g, `\n  ${type}Process,`);
}

export function indexWith(source: string, { type }: Names): string {
  return afterLast(source, /\blive as \w+(?=,?\s*\} from '\.\/life';)/g, `, live as ${type}`);
}

function afterLast(source: string, form: RegExp, added: string): string {
  const last = [...source.matchAll(form)].at(-1);
  if (!last)
    throw new Error(`Found no ${String(form)} in workflows/: register the process by hand.`);
  const end = last.index + last[0].length;
  return source.slice(0, end) + added + source.slice(end);
}
