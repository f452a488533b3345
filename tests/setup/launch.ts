/** Starts the servers of a test so that one that is left behind is found. */
import { lastWords, type Program, start } from '../../scripts/stack/program';
import type { Claim } from '../../scripts/stack/run-file';

/** Starts a program that the run file of the folder names. */
export async function launch(held: Claim, program: Program) {
  const { identity, ended } = await start(program);
  held.note(program.name, identity);
  let how: string | undefined;
  void ended.then((said) => {
    how = said;
  });
  const hopeless = () =>
    how === undefined ? undefined : `it ended (${how}). ${lastWords(program)}`;
  return { identity, pid: identity.pid, ended, hopeless };
}
