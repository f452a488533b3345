/** The bundle of tests with other code of lives: edited in a scratch copy, never in place. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { payloadConverterPath } from '../../engine/worker';
import { testStack } from './stack';

export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Every life says a word before anything else: none that began without it can be replayed. */
export const incompatible: Edit = {
  file: 'workflows/life.ts',
  find: '    this.#listen(cancelled);\n',
  replace: "    wf.upsertMemo({ edited: 'incompatibly' });\n    this.#listen(cancelled);\n",
};

/** Every fact is noted by a new command, behind a patch as it should be. */
export const patched: Edit = {
  file: 'workflows/life.ts',
  find: '    const { outcome, view } = await this.#step(message)',
  replace:
    "    if (wf.patched('noted')) wf.upsertMemo({ noted: message.name });\n" +
    '    const { outcome, view } = await this.#step(message)',
};

/** Path of the bundle, which is gone after the run. Throws when the edit does not fit the present code. */
export async function editedLives({ file, find, replace }: Edit): Promise<string> {
  const scratch = mkdtempSync(join(testStack().scratch, 'edited-'));
  for (const part of ['life', 'life.ts', 'mail.ts', 'sla-run.ts', 'index.ts'].map(
    (name) => `workflows/${name}`,
  )) {
    cpSync(resolve(part), join(scratch, part), { recursive: true });
  }
  cpSync(join(__dirname, 'workflows.ts'), join(scratch, 'tests/setup/workflows.ts'));
  symlinkSync(resolve('node_modules'), join(scratch, 'node_modules'));
  const source = readFileSync(join(scratch, file), 'utf8');
  if (!source.includes(find)) throw new Error(`${file} no longer contains: ${find}`);
  writeFileSync(
    join(scratch, file),
    source.replace(find, () => replace),
  );
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(scratch, 'tests/setup/workflows.ts'),
    payloadConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  const path = join(scratch, 'bundle.js');
  writeFileSync(path, code);
  return path;
}
