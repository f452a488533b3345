/**
 * `npm run new:process <name>`: a working process to begin with, in a folder of its own under workflows/,
 * registered. The name is the type in camelCase (`leaveRequest`); `--plural` and `--prefix` say what cannot
 * be guessed. Writes all or nothing; CONTRIBUTING.md goes on from there.
 */
import { parseArgs } from 'node:util';
import { namesOf, type Names } from './new-process/names';
import { refuseTaken } from './new-process/taken';
import { writeProcess } from './new-process/write';
import { messageOf } from './stack/failure';

void main(process.cwd());

async function main(checkout: string): Promise<void> {
  try {
    const names = read();
    refuseTaken(checkout, names);
    const files = await writeProcess(checkout, names);
    console.log(`Wrote ${files.join(', ')}`);
    console.log(
      `Try it: npx jest --selectProjects unit --testPathPatterns workflows/${names.path}`,
    );
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

function read(): Names {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { plural: { type: 'string' }, prefix: { type: 'string' } },
  });
  const [type, ...others] = positionals;
  if (type === undefined || others.length > 0) {
    throw new Error('Give one name: npm run new:process leaveRequest');
  }
  return namesOf(type, values);
}
