/** Activities that write what they do into a file, so that what dies leaves a trace of it. */
import { appendFile, readFile } from 'node:fs/promises';
import type { WorkActivities } from '../../activities/tickets/work';

/** `make` and `unmake` do what they are told, `fail` never does. Each line: its key, its name. */
export function diaryWorks(path: string): WorkActivities {
  const written =
    (name: string) =>
    async (_: unknown, { idempotencyKey }: { idempotencyKey: string }) => {
      await appendFile(path, `${idempotencyKey} ${name}\n`);
      return { by: idempotencyKey };
    };
  return {
    make: written('make'),
    unmake: written('unmake'),
    fail: async (_, scope) => {
      await written('fail')(_, scope);
      throw new Error('none left');
    },
  };
}

/** What was done, once a key, in the order in which it was first done. */
export async function readDiary(path: string): Promise<{ key: string; name: string }[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return [...new Set(lines)].map((line) => {
    const [key = '', name = ''] = line.split(' ');
    return { key: key.split('/')[1] ?? '', name };
  });
}
