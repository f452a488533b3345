/** Writes a new process from the one in template/, which is compiled and tested like all code here. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Names } from './names';
import { indexWith, registryWith } from './registration';

/** Paths of what was written. When anything goes wrong, nothing is there that was not there before. */
export async function writeProcess(checkout: string, names: Names): Promise<string[]> {
  const folder = join('workflows', names.path);
  const files = await fromTemplate(checkout, names);
  const registered = await registration(checkout, names);
  // Beside its place, so that it comes there whole or not at all.
  const stage = join(checkout, 'workflows', `.${names.path}`);
  const made = [stage];
  try {
    mkdirSync(stage);
    for (const { name, text } of files) writeFileSync(join(stage, name), text);
    renameSync(stage, join(checkout, folder));
    made.push(join(checkout, folder));
    for (const { path, text } of registered) writeFileSync(join(checkout, path), text);
  } catch (error) {
    for (const { path, before } of registered) writeFileSync(join(checkout, path), before);
    for (const place of made) rmSync(place, { recursive: true, force: true });
    throw error;
  }
  return [...files.map(({ name }) => join(folder, name)), ...registered.map(({ path }) => path)];
}

async function fromTemplate(checkout: string, names: Names) {
  const template = join(__dirname, 'template');
  return Promise.all(
    readdirSync(template).map(async (name) => {
      const text = renamed(readFileSync(join(template, name), 'utf8'), names);
      return {
        name,
        text: await tidy(checkout, join(checkout, 'workflows', names.path, name), text),
      };
    }),
  );
}

/** Both files with what they say now, and what they will say. */
async function registration(checkout: string, names: Names) {
  const edits = { 'workflows/index.ts': indexWith, 'workflows/registry.ts': registryWith };
  return Promise.all(
    Object.entries(edits).map(async ([path, edit]) => {
      const file = join(checkout, path);
      const before = readFileSync(file, 'utf8');
      return { path, before, text: await tidy(checkout, file, edit(before, names)) };
    }),
  );
}

/** Another name breaks lines elsewhere. */
async function tidy(checkout: string, filepath: string, text: string): Promise<string> {
  const style = await resolveConfig(join(checkout, 'package.json'));
  return format(text, { ...style, filepath });
}

/** The template's words for this process's, in one pass: a new name may contain an old one. */
function renamed(text: string, { type, pascal, path, prefix, words }: Names): string {
  const article = /^[aeiou]/.test(words) ? 'an' : 'a';
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const terms: Readonly<Record<string, string>> = {
    ...{ 'a specimen': `${article} ${words}`, Specimen: title, specimen: words },
    ...{ samples: path, sample: type, Sample: pascal, SMP: prefix },
    ...{ "'../../../workflows/": "'../", "'../../../": "'../../" },
  };
  const forms = Object.keys(terms).map((term) => term.replaceAll('.', '\\.'));
  return text.replaceAll(new RegExp(forms.join('|'), 'g'), (term) => terms[term] ?? term);
}
